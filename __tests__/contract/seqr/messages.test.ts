import { SeqrClient, SeqrResultError } from "../../../src/seqr";
import { answerIn, readBody, writeAnswer, writeRequest } from "../../../src/seqr/wire/envelope";
import { operations, type OperationName } from "../../../src/seqr/operations";
import { readFields, type Complex } from "../../../src/seqr/wire/schema";
import type { XmlElement } from "../../../src/seqr/wire/xml";
import { startServer, type LocalServer } from "../../unit/seqr/local-server";
import {
  describePublished,
  golden,
  goldenTokens,
  publishedWsdl,
  schemaOf,
  SCHEMAS,
  validate,
  withAdditions,
} from "../published";
import { ANSWERS, message } from "./vectors";

/** The description of a message, whatever its type. */
const shapeOf = (operation: string, part: "request" | "return"): Complex<Record<string, unknown>> =>
  operations[operation as OperationName][part] as unknown as Complex<Record<string, unknown>>;

/** getClientSessionInfo belongs to a service for which no schema was ever published (PROTOCOL 2.13). */
const hasSchema = (operation: string): boolean => operation !== "getClientSessionInfo";

describe("SEQR's messages", () => {
  let server: LocalServer;
  let reply = "";
  let client: SeqrClient;
  beforeAll(async () => {
    server = await startServer(() => ({ body: reply }));
    client = new SeqrClient({
      endpoint: server.url,
      sessionEndpoint: server.url,
      terminal: { id: "4f1e0c9a7b3d4e51a2c8d6b5e7f90123", password: "hemligt" },
      reseller: { id: "kaffeboden", password: "hemligare" },
    });
  });
  afterAll(async () => {
    client.close();
    await server.stop();
  });

  it("have a vector for each of the thirteen operations", () => {
    expect(new Set(ANSWERS.map(({ operation }) => operation))).toEqual(new Set(Object.keys(operations)));
    expect(Object.keys(operations)).toHaveLength(13);
  });

  describe.each(ANSWERS)("$operation: $what", (vector) => {
    const { operation, value, call, result } = vector;
    const answer = message(operation, vector.return);

    it("is read field by field", () => {
      expect(answerIn(bodyOf(answer), operation, shapeOf(operation, "return"))).toEqual(value);
    });

    it("is written so that it reads the same", () => {
      const written = writeAnswer(operation, shapeOf(operation, "return"), { ...value });
      expect(answerIn(bodyOf(written), operation, shapeOf(operation, "return"))).toEqual(value);
    });

    it("is what the client gives", async () => {
      reply = answer;
      expect(await call(client)).toEqual(result);
      expect(bodyOf(server.received.at(-1)?.body ?? "").name).toBe(operation);
    });

    it("is an error of the client when the code is not 0", async () => {
      const version = operation === "getPaymentStatus" ? "<version>0</version>" : "";
      reply = message(
        operation,
        `<resultCode>33</resultCode><resultDescription>INVALID_INITIATOR_PRINCIPAL_STATE</resultDescription>${version}`,
      );
      await expect(call(client)).rejects.toThrow(SeqrResultError);
    });
  });

  describePublished("beside the published service description", () => {
    /** Every request that the client sends: one for each vector, and the rarer forms. */
    async function capture(): Promise<Record<string, string>> {
      const captured: Record<string, string> = {};
      const keep = (name: string) => {
        captured[name] = server.received.at(-1)?.body ?? "";
      };
      for (const { operation, what, call, ...vector } of ANSWERS) {
        reply = message(operation, vector.return);
        await call(client);
        keep(`${operation}: ${what}`);
      }
      const total = { currency: "SEK", value: "85.50" };
      const full = {
        paymentMode: "RESERVATION_DESIRED",
        acknowledgmentMode: "OPTIONAL_ACKNOWLEDGMENT",
        issueDate: "2026-01-02T03:04:05.678+01:00",
        title: `<Kaffe> & "kaka" ]]> 😀`,
        clientInvoiceId: "order 4711",
        invoiceRows: [
          {
            itemDescription: "Kaffe",
            itemDiscount: { currency: "SEK", value: "0.50" },
            itemEAN: "7310000000017",
            itemQuantity: "1.5",
            itemSKU: "COFFEE",
            itemTaxRate: "12",
            itemTotalAmount: { currency: "SEK", value: "100.00" },
            itemUnit: "kg",
            itemUnitPrice: { currency: "SEK", value: "67.00" },
          },
          { itemQuantity: "1", itemTotalAmount: { currency: "SEK", value: "-14.50" } },
        ],
        totalAmount: total,
        cashierId: "web",
        footer: "",
        backURL: "kaffeboden://tillbaka?a=1&b=2",
        notificationUrl: "https://shop.example/hooks/seqr?token=a&x=1",
      } as const;
      const tokens = [
        { description: "Bonus card", id: "BONUS", status: 1, value: "1" },
        { description: "Old card", id: "BONUS", status: 90, value: "2" },
      ];
      const invoiceRows = [...full.invoiceRows];
      reply = message("sendInvoice", ANSWERS[0]?.return ?? "");
      await client.sendInvoice({ ...full, invoiceRows }, tokens);
      keep("sendInvoice: every field");
      await client.sendInvoice({
        ...full,
        invoiceRows,
        paymentMode: "RESERVATION_REQUIRED_PRELIMINARY_AMOUNT",
        commitReservationTimeout: 3600,
      });
      keep("sendInvoice: additions");
      reply = message("commitReservation", "<resultCode>0</resultCode>");
      await client.commitReservation("20260102030405678", total);
      keep("commitReservation: additions");
      reply = message("submitPaymentReceipt", "<resultCode>0</resultCode>");
      await client.submitPaymentReceipt("2026010203050012301000042", {});
      keep("submitPaymentReceipt: an empty receipt");
      reply = message(
        "markTransactionPeriod",
        "<resultCode>0</resultCode><transactionPeriodId>1</transactionPeriodId>",
      );
      await client.markTransactionPeriod();
      keep("markTransactionPeriod: of the shop");
      reply = message("executeReport", "<resultCode>0</resultCode><report/>");
      await client.executeReport("Reconciliation/Shop.xml");
      keep("executeReport: without parameters");
      return Object.fromEntries(
        Object.entries(captured).filter(([name]) => hasSchema(name.split(":")[0] ?? "")),
      );
    }

    const isAddition = ([name]: [string, string]): boolean => name.endsWith(": additions");

    it.each(Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[])(
      "every request of the client is valid (%s)",
      async (which) => {
        const schema = schemaOf(publishedWsdl(which));
        const requests = await capture();
        expect(Object.keys(requests).length).toBeGreaterThan(18);
        expect(
          await validate(
            schema,
            only(requests, (entry) => !isAddition(entry)),
          ),
        ).toEqual({});
        expect(await validate(withAdditions(schema), requests)).toEqual({});
        // What later interfaces added is in those requests only that ask for it.
        const additions = only(requests, isAddition);
        expect(Object.keys(await validate(schema, additions))).toEqual(Object.keys(additions));
      },
    );

    it("every answer that we write is valid, and so are the vectors", async () => {
      const answers: Record<string, string> = {};
      for (const { operation, what, value, ...vector } of ANSWERS) {
        if (!hasSchema(operation)) continue;
        answers[`${operation}: ${what}`] = message(operation, vector.return);
        answers[`${operation}: ${what}, written`] = writeAnswer(operation, shapeOf(operation, "return"), {
          ...value,
        });
      }
      expect(await validate(schemaOf(publishedWsdl()), answers)).toEqual({});
    });

    it("the validator finds what is wrong", async () => {
      const context = { clientRequestTimeout: 0 };
      const good = writeRequest("cancelInvoice", operations.cancelInvoice.request, {
        context,
        invoiceReference: "1",
      });
      const wrong = {
        good,
        order: good.replace(/(<context>.*<\/context>)(<invoiceReference>.*<\/invoiceReference>)/, "$2$1"),
        unknown: good.replace("<invoiceReference>", "<later/><invoiceReference>"),
        missing: good.replace(/<clientRequestTimeout>.*<\/clientRequestTimeout>/, ""),
        qualified: good.replaceAll("invoiceReference>", "ext:invoiceReference>"),
      };
      expect(Object.keys(await validate(schemaOf(publishedWsdl()), wrong))).toEqual([
        "order",
        "unknown",
        "missing",
        "qualified",
      ]);
    });
  });

  describePublished("as they were published", () => {
    const written: Record<string, string> = {};
    let faulty: Record<string, string>;
    beforeAll(async () => {
      for (const { name, operation, xml } of golden("request")) {
        const request = readFields(shapeOf(operation, "request"), bodyOf(xml));
        written[name] = writeRequest(operation, shapeOf(operation, "request"), request);
      }
      for (const { name, operation, xml } of golden("response")) {
        const answer = answerIn(bodyOf(xml), operation, shapeOf(operation, "return"));
        written[name] = writeAnswer(operation, shapeOf(operation, "return"), { ...answer });
      }
      const known = only(written, ([name]) => hasSchema(name.split(".")[0] ?? ""));
      expect(Object.keys(known).length).toBeGreaterThan(25);
      faulty = await validate(withAdditions(schemaOf(publishedWsdl())), known);
    });

    it.each(golden("request"))(
      "$name is read whole, and valid when written again",
      ({ name, operation, xml }) => {
        expect(bodyOf(xml).name).toBe(operation);
        const request = readFields(shapeOf(operation, "request"), bodyOf(xml));
        expect(leavesOf(request)).toEqual(leavesIn(xml));
        expect(leavesIn(written[name] ?? "")).toEqual(leavesIn(xml));
        expect(faulty).not.toHaveProperty([name]);
      },
    );

    it.each(golden("response"))(
      "$name is read whole, and valid when written again",
      ({ name, operation, xml }) => {
        const answer = answerIn(bodyOf(xml), operation, shapeOf(operation, "return"));
        expect(answer).toMatchObject({ resultCode: 0, resultDescription: "SUCCESS" });
        expect(leavesOf(answer)).toEqual(leavesIn(xml));
        expect(leavesIn(written[name] ?? "")).toEqual(leavesIn(xml));
        expect(faulty).not.toHaveProperty([name]);
      },
    );

    it("the customer tokens are read whole", async () => {
      reply = message("getPaymentStatus", `<resultCode>0</resultCode>${goldenTokens()}<version>1</version>`);
      const { customerTokens } = await client.getPaymentStatus("1", 0);
      expect(customerTokens).toHaveLength(1);
      expect(leavesOf(customerTokens)).toEqual(leavesIn(goldenTokens()));
    });

    it.each(golden("response"))("$name is what the client gives", async ({ operation, xml }) => {
      const vector = ANSWERS.find((one) => one.operation === operation);
      reply = xml;
      const given = await vector?.call(client);
      const isMap = operation === "getClientSessionInfo";
      const values = isMap
        ? Object.entries(given as object)
            .flat()
            .sort()
        : textsOf(leavesOf(given));
      // Everything but what the client has judged already, or has no use for.
      const judged = ["resultCode", "resultDescription"];
      if (operation === "submitPaymentReceipt") judged.push("ersReference");
      const published = leavesIn(xml).filter((leaf) => !judged.includes(leaf.split("=")[0] ?? ""));
      expect(values).toEqual(textsOf(published));
    });
  });
});

/** The operation element of a message. */
function bodyOf(xml: string): XmlElement {
  const element = readBody(xml);
  if (!element) throw new Error("no SOAP message");
  return element;
}

/** Some of several messages. */
function only(
  messages: Record<string, string>,
  wanted: (entry: [string, string]) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(messages).filter(wanted));
}

/** Every value that stands in a message, as `name=text`, found without our reader. */
function leavesIn(xml: string): string[] {
  const body = xml
    .replace(/<!\[CDATA\[(.*?)\]\]>/gs, (_, text: string) =>
      text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
    )
    .replace(/<([\w.]+)\/>/g, "<$1></$1>");
  return [...body.matchAll(/<([\w.]+)>([^<]*)<\/\1>/g)]
    .map(([, name = "", text = ""]) => {
      const plain = text
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&amp;", "&");
      return leaf(name, isBase64(name) ? Buffer.from(plain, "base64") : plain);
    })
    .sort();
}

/** Every value in what was read, in the same form. */
function leavesOf(value: unknown, name = ""): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, name)).sort();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [leaf(name, value)];
  return Object.entries(value)
    .flatMap(([key, part]) => leavesOf(part, key))
    .sort();
}

/** The texts of leaves without their names. */
function textsOf(leaves: string[]): string[] {
  return leaves.map((one) => one.replace(/^[^=]*=/, "")).sort();
}

function isBase64(name: string): boolean {
  return name === "content" || name === "receiptData";
}

function leaf(name: string, value: unknown): string {
  return `${name}=${value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value)}`;
}
