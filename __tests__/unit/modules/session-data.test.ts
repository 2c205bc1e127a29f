import { resolveOptions } from "../../../src/options/seqr-options";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { hashToken, newToken } from "../../../src/modules/seqr/invoice/tokens";
import {
  authorizedData,
  paymentData,
  refreshedData,
  sessionData,
} from "../../../src/modules/seqr/invoice/session-data";
import { at, newInvoice } from "./ledger-contract";

const token = newToken();
const notificationToken = newToken();
const options = resolveOptions({
  endpoint: "https://seqr.example/soap",
  terminalId: "the terminal's id",
  password: "the password",
  backendUrl: "https://api.shop.example/",
  currencies: ["SEK"],
  shopName: "Nordic Goods",
  clientId: "the company",
  cashierId: "the till",
  linkScheme: "seqr-demo",
});
const invoice = (more: Partial<InvoiceRecord> = {}): InvoiceRecord => ({
  ...newInvoice({
    session_id: "payses_1",
    terminal_id: options.terminalId,
    token_hash: hashToken(token) ?? "",
    notification_token_hash: hashToken(notificationToken) ?? "",
  }),
  id: "seqrinv_1",
  order_id: null,
  pending_amount: null,
  reserved_amount: null,
  reserved_at: null,
  reserved_until: null,
  capture_amount: null,
  capture_key: null,
  invoice_reference: "100001",
  ers_reference: null,
  qr_code: "HTTP://SEQR.SE/R100001",
  state: "open",
  reason: null,
  version: 0,
  observed_at: null,
  notified_at: null,
  viewed_at: null,
  paid_at: null,
  completed_at: null,
  lease_owner: "the worker",
  lease_until: at(10),
  attempts: 0,
  problem: null,
  disputed_reference: null,
  problem_no: 0,
  problem_about: null,
  disputed_amount: null,
  created_at: at(0),
  ...more,
});

describe("a session's data", () => {
  it("is what the payment page needs", async () => {
    expect(await sessionData(invoice(), token, options)).toEqual({
      session_id: "payses_1",
      token,
      status: "waiting",
      invoice_reference: "100001",
      amount: "100.00",
      currency_code: "SEK",
      qr_text: "HTTP://SEQR.SE/R100001",
      qr_svg: expect.stringMatching(/^<svg [^]*<\/svg>\s*$/),
      deep_link: "seqr-demo://SEQR.SE/R100001",
      expires_at: at(300).toISOString(),
      page_url: `https://api.shop.example/seqr/payments/${token}`,
      shop_name: "Nordic Goods",
      brand_name: "SEQR",
      logo_url: undefined,
      app_store_url: undefined,
      play_store_url: undefined,
      ers_reference: undefined,
    });
  });

  it("holds nothing that is SEQR's and the store's business alone", async () => {
    const record = invoice();
    const text = JSON.stringify(await sessionData(record, token, options));
    const secrets = [
      options.password,
      options.terminalId,
      options.endpoint,
      options.clientId,
      options.cashierId,
      notificationToken,
      record.token_hash,
      record.notification_token_hash,
      record.client_invoice_id,
      record.id,
      "the worker",
    ];
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  it("has the shop's pictures and the app's addresses where the options have them, and the receipt's reference", async () => {
    const own = {
      ...{ logoUrl: "https://shop.example/logo.svg", appStoreUrl: "https://apps.example/seqr" },
      playStoreUrl: "https://play.example/seqr",
    };
    const paid = invoice({ state: "completed", ers_reference: "200002" });
    expect(await sessionData(paid, token, { ...options, ...own })).toMatchObject({
      ...{ logo_url: own.logoUrl, app_store_url: own.appStoreUrl, play_store_url: own.playStoreUrl },
      ...{ status: "paid", ers_reference: "200002" },
    });
  });

  it("has no code where SEQR never answered", async () => {
    const unsent = invoice({ state: "not_issued", invoice_reference: null, qr_code: null });
    expect(await sessionData(unsent, token, options)).toMatchObject({
      ...{ status: "failed", invoice_reference: "", qr_text: "", qr_svg: "", deep_link: "" },
    });
  });

  it("overwrites what a shopper put there, SEQR's reference and foreign addresses included", async () => {
    const foreign = "https://evil.example";
    const forged = {
      ...{ ers_reference: "1".repeat(25), status: "paid", amount: "0.01", token: newToken() },
      ...{ logo_url: foreign, app_store_url: foreign, play_store_url: foreign },
    };
    const merged: unknown = JSON.parse(
      JSON.stringify({ ...forged, ...(await sessionData(invoice(), token, options)) }),
    );
    expect(merged).toMatchObject({ status: "waiting", amount: "100.00", token });
    for (const name of ["ers_reference", "logo_url", "app_store_url", "play_store_url"]) {
      expect(merged).not.toHaveProperty(name);
    }
  });

  it("draws the code without a script or a style sheet", async () => {
    const { qr_svg } = await sessionData(invoice(), token, options);
    expect(qr_svg).not.toMatch(/<script|<style|style=|href|on\w+=/i);
  });
});

describe("refreshed data", () => {
  it("is the session's own with the state as it is now", () => {
    const before = { token, status: "waiting", qr_text: "HTTP://SEQR.SE/R100001" };
    expect(refreshedData(before, invoice({ state: "completed", ers_reference: "200002" }))).toEqual({
      ...before,
      status: "paid",
      ers_reference: "200002",
    });
    expect(refreshedData(before, invoice({ state: "canceled", reason: "superseded" }))).toEqual({
      ...before,
      status: "superseded",
    });
    expect(before.status).toBe("waiting");
  });

  it("can begin with nothing", () => {
    expect(refreshedData(undefined, invoice({ state: "expired" }))).toEqual({ status: "expired" });
  });
});

describe("the data of a session whose money is there", () => {
  it("has no code any more, and still leads to the receipt", async () => {
    const paid = invoice({ state: "captured", ers_reference: "200002" });
    const before = await sessionData(invoice(), token, options);
    expect(authorizedData({ ...before, session_id: "of somebody" }, paid)).toEqual({
      ...{ ...before, session_id: paid.session_id, status: "paid", ers_reference: "200002" },
      ...{ qr_text: null, qr_svg: null, deep_link: null },
    });
  });

  it("is small, before and after", async () => {
    const before = await sessionData(invoice(), token, options);
    expect(JSON.stringify(before).length).toBeLessThan(2_500);
    const after = authorizedData(before, invoice({ state: "captured", ers_reference: "2".repeat(25) }));
    expect(JSON.stringify(after).length).toBeLessThan(700);
  });
});

describe("the data of a payment that was made", () => {
  it("is the session's with its end, and holds nothing by which anybody could act for the shopper", async () => {
    const paid = invoice({ state: "completed", ers_reference: "200002" });
    const before = {
      ...(await sessionData(invoice(), token, options)),
      of_the_store: 1,
      session_id: "another",
    };
    const data = paymentData(before, paid);
    expect(data).toMatchObject({
      ...{ session_id: paid.session_id, status: "paid", ers_reference: "200002", of_the_store: 1 },
      ...{ invoice_reference: paid.invoice_reference, amount: "100.00", currency_code: "SEK" },
    });
    expect(JSON.stringify(data)).not.toContain(token);
    for (const name of ["token", "page_url", "qr_text", "qr_svg", "deep_link"]) {
      // Medusa would keep what is only left out.
      expect([name, data[name]]).toEqual([name, null]);
    }
  });

  it("gets no name that it did not have", () => {
    const paid = invoice({ state: "completed", ers_reference: "200002" });
    expect(paymentData(undefined, paid)).toEqual({
      ...{ session_id: paid.session_id, status: "paid", ers_reference: "200002" },
    });
  });
});
