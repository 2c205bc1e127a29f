import {
  TokenGate,
  TOKEN_GATE_LIMITS,
  type TokenGateLimits,
  type PublicRoute,
} from "../../../src/api/token-gate/token-gate";
import { hashToken, newToken } from "../../../src/modules/seqr/invoice/tokens";
import type { InvoiceRecord, TokenKind } from "../../../src/modules/seqr/public";
import { newInvoice, present } from "../modules/ledger-contract";
import { MemoryLedger } from "../modules/memory-ledger";

const ADDRESS = "192.0.2.1";

describe("the entrance of the public routes", () => {
  let now: number;
  /** What the ledger was asked, hash by hash. */
  let questions: string[][];
  let ledger: MemoryLedger;
  let limits: TokenGateLimits;
  let entrance: TokenGate;

  const open = (more: Partial<TokenGateLimits> = {}) => {
    limits = { ...TOKEN_GATE_LIMITS, batch: { every: 1, most: 1_000 }, ...more };
    const findByTokenHashes = async (kind: TokenKind, hashes: string[]) => {
      questions.push(hashes);
      const found = await ledger.findByTokenHashes(kind, hashes);
      const name = kind === "shopper" ? "token_hash" : "notification_token_hash";
      return new Map(found.map((invoice) => [invoice[name], invoice]));
    };
    entrance = new TokenGate({ findByTokenHashes }, limits, () => now);
  };
  beforeEach(() => {
    now = 0;
    questions = [];
    ledger = new MemoryLedger({ now: () => new Date(now) });
    open();
  });

  const tokens = async (): Promise<{ shopper: string; notification: string; invoice: InvoiceRecord }> => {
    const [shopper, notification] = [newToken(), newToken()];
    const hashes = { token_hash: hashToken(shopper), notification_token_hash: hashToken(notification) };
    return { shopper, notification, invoice: present(await ledger.insert(newInvoice(hashes))) };
  };
  const come = (route: PublicRoute, token: unknown, address = ADDRESS) =>
    entrance.admit({ route, token, address });
  const flood = (count: number, address = ADDRESS) =>
    Promise.all(Array.from({ length: count }, () => come("notification", newToken(), address)));
  const refusals = (admissions: object[]) => admissions.filter((admission) => "retryAfter" in admission);

  it("lets a token in with its invoice, and only where it belongs", async () => {
    const { shopper, notification, invoice } = await tokens();
    for (const route of ["status", "cancel", "return"] as const) {
      expect(await come(route, shopper)).toEqual({ invoice });
      expect(await come(route, notification)).toEqual({ invoice: undefined });
    }
    expect(await come("notification", notification)).toEqual({ invoice });
    expect(await come("notification", shopper)).toEqual({ invoice: undefined });
  });

  describe("with one token", () => {
    it.each([
      ["notification", 5, 60],
      ["status", 250, 1],
      ["cancel", 10, 60],
      ["return", 60, 10],
    ] as const)("takes so many requests for %s (%i), and no more for %i s", async (route, count, seconds) => {
      const { shopper, notification } = await tokens();
      const token = route === "notification" ? notification : shopper;
      const answers = await Promise.all(Array.from({ length: count * 4 }, () => come(route, token)));
      expect(answers.filter((answer) => "invoice" in answer && answer.invoice)).toHaveLength(count);
      expect(refusals(answers)).toEqual(Array.from({ length: count * 3 }, () => ({ retryAfter: seconds })));
      expect(questions.length).toBeLessThanOrEqual(count);
      now += seconds * 1_000;
      expect(await come(route, token)).toHaveProperty("invoice.id");
    });

    it("keeps a hundred tabs going that ask every second", async () => {
      const { shopper } = await tokens();
      const answers = [];
      for (let tick = 0; tick < 1_000; tick++) {
        now += 10; // 100 requests a second
        answers.push(await come("status", shopper, `192.0.2.${tick % 100}`));
      }
      expect(refusals(answers)).toEqual([]);
    });

    it("refuses it the status and nothing else, and refuses no other token", async () => {
      const [one, other] = [await tokens(), await tokens()];
      const answers = await Promise.all(Array.from({ length: 1_000 }, () => come("status", one.shopper)));
      expect(refusals(answers)).toHaveLength(750);
      for (const [route, token] of [
        ["cancel", one.shopper],
        ["return", one.shopper],
        ["notification", one.notification],
        ["status", other.shopper],
      ] as const) {
        expect(await come(route, token)).toHaveProperty("invoice.id");
      }
    });
  });

  describe("with unknown tokens", () => {
    it.each([undefined, "", "short", "x".repeat(42), "x".repeat(44), "ä".repeat(43), "x".repeat(100_000)])(
      "never asks the ledger for what cannot be a token (%#)",
      async (token) => {
        const answers = [];
        for (let i = 0; i < 30; i++) answers.push(await come("status", token));
        expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => ({ invoice: undefined })));
        expect(refusals(answers)).toEqual(Array.from({ length: 10 }, () => ({ retryAfter: 60 })));
        expect(questions).toEqual([]);
      },
    );

    it("asks for twenty one by one, and then for all at once", async () => {
      const answers = await flood(900);
      expect(refusals(answers)).toHaveLength(880);
      expect(questions.map((hashes) => hashes.length)).toEqual([...Array.from({ length: 20 }, () => 1), 880]);
      now += 60_000;
      questions = [];
      expect(refusals(await flood(20))).toEqual([]);
      expect(questions).toHaveLength(20);
    });

    it("finds the real token in the flood, from the same address, again and again", async () => {
      for (let i = 0; i < 5; i++) {
        const { notification, shopper, invoice } = await tokens();
        const [, real, , page] = await Promise.all([
          flood(300),
          come("notification", notification),
          flood(300),
          come("status", shopper),
        ]);
        expect([real, page]).toEqual([{ invoice }, { invoice }]);
      }
      expect(questions.length).toBeLessThan(20 + 5 * 4);
    });

    it("does not hold a real token's address against it", async () => {
      for (let i = 0; i < 100; i++) {
        const { shopper, invoice } = await tokens();
        expect(await come("status", shopper)).toEqual({ invoice });
      }
      expect(await come("status", newToken())).toEqual({ invoice: undefined });
    });

    it("looks up a known token at once, whatever the traffic", async () => {
      const { notification, invoice } = await tokens();
      await come("notification", notification);
      await flood(100);
      questions = [];
      const crowd = flood(100);
      const known = come("notification", notification);
      expect(questions).toEqual([[hashToken(notification)]]);
      expect(await known).toEqual({ invoice });
      await crowd;
    });

    it("bounds the queries when every request claims another address", async () => {
      const answers = await Promise.all(
        Array.from({ length: 1_500 }, (_, i) =>
          come("notification", newToken(), `2001:db8::${i.toString(16)}`),
        ),
      );
      // Nobody at these addresses did too much, so nobody is told to wait.
      expect(refusals(answers)).toEqual([]);
      expect(questions.map((hashes) => hashes.length)).toEqual([
        ...Array.from({ length: 600 }, () => 1),
        900,
      ]);
    });

    it("rejects keys above the size of a batch", async () => {
      open({ batch: { every: 1, most: 100 } });
      const answers = await flood(500);
      expect(refusals(answers)).toHaveLength(480);
      expect(questions.flat()).toHaveLength(120);
    });

    it("does not hide that the ledger cannot be read", async () => {
      ledger.findByTokenHashes = () => Promise.reject(new Error("no database"));
      await expect(come("status", newToken())).rejects.toThrow("no database");
      const { shopper } = await tokens();
      const answers = await Promise.allSettled(Array.from({ length: 50 }, () => come("status", newToken())));
      expect(answers.every(({ status }) => status === "rejected")).toBe(true);
      await expect(come("status", shopper)).rejects.toThrow("no database");
    });
  });

  it("keeps a bounded number of tokens: a dropped one is looked up in a batch", async () => {
    open({ remembered: 2 });
    const [first, second, third] = [await tokens(), await tokens(), await tokens()];
    for (const { shopper } of [first, second, third]) await come("status", shopper);
    await flood(100);
    questions = [];
    const crowd = flood(10);
    const asked = Promise.all([come("status", first.shopper), come("status", third.shopper)]);
    expect(questions).toEqual([[hashToken(third.shopper)]]);
    expect(await asked).toEqual([{ invoice: first.invoice }, { invoice: third.invoice }]);
    await crowd;
  });
});
