import type { SeqrClient } from "../../../src/seqr";
import { startSandbox, type RunningSandbox, type TurnableClock } from "../../../src/sandbox";
import { clientOf, ORDER } from "./running-fixture";

const ROWS = [
  {
    itemDescription: `Tea <b>"green"</b>`,
    itemQuantity: "2",
    itemUnit: "EA",
    itemTotalAmount: { currency: "SEK", value: "15" },
  },
  { itemDescription: "Discount", itemQuantity: "1", itemTotalAmount: { currency: "SEK", value: "-2.5" } },
];

describe("the phone page", () => {
  let sandbox: RunningSandbox<TurnableClock>;
  let client: SeqrClient;
  beforeEach(async () => {
    sandbox = await startSandbox({ clock: "turnable", qrHost: "self" });
    client = clientOf(sandbox);
  });
  afterEach(async () => {
    client.close();
    await sandbox.stop();
  });

  const send = (more: object = {}) => client.sendInvoice({ ...ORDER, invoiceRows: ROWS, ...more });

  async function open(url: string, init: RequestInit = {}) {
    const response = await fetch(new URL(url, sandbox.url), init);
    return {
      status: response.status,
      url: response.url,
      text: await response.text(),
      headers: response.headers,
    };
  }

  const submit = (url: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    open(url, { method: "POST", body: new URLSearchParams(form), headers });

  it("shows the bill behind the code's link, which is scanning it", async () => {
    const { invoiceQRCode, invoiceReference } = await send();
    const { status, text, headers } = await open(invoiceQRCode);
    expect(status).toBe(200);
    expect(sandbox.invoices()[0]?.stage).toBe("scanned");
    for (const shown of [
      "Public test shop",
      "Order 1",
      "Quantity 2 EA",
      "15.00 SEK",
      "-2.50 SEK",
      "12.50 SEK",
      "Thank you",
    ]) {
      expect(text).toContain(shown);
    }
    expect(text).toContain("Tea &lt;b&gt;&quot;green&quot;&lt;/b&gt;");
    expect(text).toContain(`href="/R${invoiceReference}/pin"`);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(text).not.toMatch(/<script>|<style|\son\w+=|style="/);
  });

  it("does not scan for a program that only asks whether the page is there", async () => {
    const { invoiceQRCode } = await send();
    await open(invoiceQRCode, { method: "HEAD" });
    expect(sandbox.invoices()[0]?.stage).toBe("open");
  });

  it("reads codes without regard to case, and static codes of tills", async () => {
    const { invoiceReference } = await send();
    expect((await open(`/r${invoiceReference}`)).status).toBe(200);
    const till = { externalTerminalId: "1", password: "secret", name: "Till 1" };
    const id = await client.registerTerminal(till);
    const tillClient = clientOf(sandbox, { terminal: { id, password: "secret" } });
    await tillClient.assignSeqrId("Till1");
    await tillClient.sendInvoice({ ...ORDER, title: "At the till" });
    tillClient.close();
    expect((await open("/QTill1")).text).toContain("At the till");
    expect((await open("/R1")).status).toBe(404);
  });

  it("confirms with a PIN, shows the receipt, and links to the shop", async () => {
    const { invoiceReference } = await send({ backURL: "http://shop.example/back?a=1&b=2" });
    await open(`/R${invoiceReference}`);
    const pin = await open(`/R${invoiceReference}/pin`);
    expect(pin.text).toMatch(/<label for="pin">/);
    const wrong = await submit(`/R${invoiceReference}/pay`, { pin: "12" });
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining("The PIN has four digits")]);
    const paid = await submit(`/R${invoiceReference}/pay`, { pin: "1234" });
    expect(new URL(paid.url).pathname).toBe(`/R${invoiceReference}`);
    const { ersReference } = await client.getPaymentStatus(invoiceReference, 0);
    expect(paid.text).toContain("Payment completed");
    expect(paid.text).toContain(ersReference);
    expect(paid.text).toContain(`href="http://shop.example/back?a=1&amp;b=2"`);
    const receipt = await open(`/R${invoiceReference}/receipt`);
    expect(receipt.text).toContain("15.00 SEK");
  });

  it("fails with PIN 0000", async () => {
    const { invoiceReference } = await send();
    await open(`/R${invoiceReference}`);
    expect((await submit(`/R${invoiceReference}/pay`, { pin: "0000" })).text).toContain("Payment failed");
    expect(sandbox.invoices()[0]?.status).toBe("FAILED");
  });

  it("cancels", async () => {
    const { invoiceReference } = await send();
    await open(`/R${invoiceReference}`);
    expect((await submit(`/R${invoiceReference}/cancel`)).text).toContain("Payment cancelled");
    expect(sandbox.invoices()[0]?.status).toBe("CANCELED");
  });

  it("shows what happens elsewhere", async () => {
    const { invoiceReference } = await send({ acknowledgmentMode: "REQUIRE_ACKNOWLEDGMENT" });
    const page = `/R${invoiceReference}`;
    const pending = await open(page);
    expect(pending.text).toContain("Waiting for the shop");
    expect(pending.text).toContain(`data-state="pending 1"`);
    expect((await open(`${page}/state`)).text).toBe("pending 1");
    expect((await submit(`${page}/pay`, { pin: "1234" })).text).toContain("Waiting for the shop");
    await client.getPaymentStatus(invoiceReference, 1);
    expect((await open(`${page}/state`)).text).toBe("scanned 2");
    await sandbox.phone.beginPay(invoiceReference);
    expect((await open(page)).text).toContain("Your bank is working on it");
    expect(new URL((await open(`${page}/pin`)).url).pathname).toBe(page);
    await sandbox.phone.finishPay(invoiceReference);
    expect((await open(page)).text).toContain("Payment completed");
    sandbox.clock.advance(20_000);
    expect((await open(page)).text).toContain("You get the money back");
    expect((await open("/")).text).toContain("the shop did not confirm it");
  });

  it("shows that an amount is reserved, and that an invoice has expired", async () => {
    const { invoiceReference } = await send({ paymentMode: "RESERVATION_REQUIRED" });
    await sandbox.phone.pay(invoiceReference);
    expect((await open(`/R${invoiceReference}`)).text).toContain("Amount reserved");
    const other = await startSandbox({ clock: "turnable", expireAfter: 1_000 });
    const otherClient = clientOf(other);
    const late = await otherClient.sendInvoice(ORDER);
    other.clock.advance(1_000);
    expect(await (await fetch(`${other.url}/R${late.invoiceReference}`)).text()).toContain("has expired");
    otherClient.close();
    await other.stop();
  });

  it("lists what waits to be paid, newest first", async () => {
    const [first, second] = [await send({ title: "First" }), await send({ title: "Second" })];
    await sandbox.phone.pay((await send({ title: "Paid already" })).invoiceReference);
    const { text } = await open("/");
    expect(text.indexOf("Second")).toBeLessThan(text.indexOf("First"));
    expect(text).toContain(`href="/R${first.invoiceReference}"`);
    expect(text).toContain(`href="/R${second.invoiceReference}"`);
    expect(text).not.toContain("Paid already");
  });

  it("follows no link that would run in the page", async () => {
    const { invoiceReference } = await send();
    const invoice = { ...sandbox.invoices()[0]?.invoice, backURL: "javascript:alert(1)" };
    sandbox.core.restore({
      ...sandbox.core.snapshot(),
      invoices: sandbox.core.snapshot().invoices.map((stored) => ({ ...stored, invoice })),
    });
    await sandbox.phone.cancel(invoiceReference);
    const { text } = await open(`/R${invoiceReference}`);
    expect(text).not.toContain("javascript:");
    expect(text).toContain(`href="/"`);
  });

  it("takes no form from another site", async () => {
    const { invoiceReference } = await send();
    const { status } = await submit(`/R${invoiceReference}/cancel`, {}, { Origin: "http://evil.example" });
    expect(status).toBe(403);
    expect(sandbox.invoices()[0]?.status).toBe("ISSUED");
  });

  it("serves its script and style as files", async () => {
    expect((await open("/phone.js")).headers.get("content-type")).toContain("javascript");
    expect((await open("/phone.css")).headers.get("content-type")).toContain("css");
  });
});
