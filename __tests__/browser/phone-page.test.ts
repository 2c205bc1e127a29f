import { startSandbox, type RunningSandbox, type TurnableClock } from "../../src/sandbox";
import type { SeqrClient } from "../../src/seqr";
import { clientOf, ORDER } from "../unit/sandbox/running-fixture";
import { Visitors } from "./visitors";

const SHOP = "http://shop.test/back";

describe("the phone page in a browser", () => {
  let visitors: Visitors;
  let sandbox: RunningSandbox<TurnableClock>;
  let client: SeqrClient;
  beforeAll(async () => {
    visitors = await Visitors.open();
    sandbox = await startSandbox({ clock: "turnable", qrHost: "self" });
    client = clientOf(sandbox);
  }, 60_000);
  afterAll(async () => {
    await visitors.close();
    client.close();
    await sandbox.stop();
  });

  it("loads itself again when its invoice changes", async () => {
    const phone = await visitors.visitor();
    const { invoiceQRCode } = await client.sendInvoice(ORDER);
    await phone.goto(invoiceQRCode);
    await sandbox.phone.pay(invoiceQRCode);
    await phone.getByRole("heading", { name: "Payment completed" }).waitFor();
  });

  it("follows a link also when its invoice changes in that moment", async () => {
    const phone = await visitors.visitor();
    const { invoiceQRCode, invoiceReference } = await client.sendInvoice({ ...ORDER, backURL: SHOP });
    await sandbox.phone.pay(invoiceQRCode);
    await phone.goto(invoiceQRCode);
    // The shop's page takes its time, until the phone page has seen a change twice.
    await phone.route(SHOP, async (route) => {
      await client.getPaymentStatus(invoiceReference, 0);
      const asked = () => phone.waitForResponse((response) => response.url().endsWith("/state"));
      await asked();
      await asked();
      await route.fulfill({ contentType: "text/html", body: "<h1>Back in the shop</h1>" });
    });
    await phone.getByRole("link", { name: "OK" }).click();
    await phone.getByRole("heading", { name: "Back in the shop" }).waitFor();
  });
});
