import { CASH_REGISTER } from "../../src/sandbox/http/services";
import { decide } from "../../src/sandbox/http/soap";
import { fromHundredths, SeqrClient } from "../../src/seqr";
import { PUBLIC_TEST_TERMINAL } from "../../src/sandbox/options";
import { SECOND_TERMINAL, CASH_REGISTER_TERMINAL } from "./server";
import type { World } from "./world";

/** Another system of the merchant, which sells with the shop's terminals, or with one that the shop does not have. */
export class OtherSystem {
  constructor(private readonly world: World) {}

  /** Sells something, and perhaps refunds it. */
  async sell(): Promise<void> {
    const { core, runContext, elsewhere } = this.world;
    const { random, timeline } = runContext;
    const terminals = [
      { id: PUBLIC_TEST_TERMINAL.id, currency: "SEK" },
      { id: SECOND_TERMINAL.id, currency: "EUR" },
      { id: CASH_REGISTER_TERMINAL.id, currency: "SEK" },
    ];
    const { id, currency } = terminals[random.between(0, 2)] ?? { id: "", currency: "" };
    const client = new SeqrClient({
      endpoint: "https://seqr.example/soap",
      terminal: { id, password: PUBLIC_TEST_TERMINAL.password },
      now: () => timeline.now(),
      transport: {
        post: (_url, message) => {
          const record = { operation: "?", at: timeline.now() };
          const { reply } = decide({ core }, CASH_REGISTER, message, record);
          return Promise.resolve({ status: reply.status, body: String(reply.body) });
        },
        close: () => undefined,
      },
    });
    const totalAmount = { currency, value: fromHundredths(BigInt(random.between(100, 90_000))) };
    const sale = { title: "Coffee", clientInvoiceId: "till", cashierId: "till", footer: "" };
    const { invoiceReference } = await client.sendInvoice({ ...sale, totalAmount });
    elsewhere.add(invoiceReference);
    core.phone.pay(invoiceReference);
    const { ersReference } = await client.getPaymentStatus(invoiceReference, 0);
    runContext.count("payments_elsewhere");
    runContext.note("seqr", `another system sells: ${ersReference ?? "?"} ${totalAmount.value} ${currency}`);
    if (!random.chance(0.2) || core.settings.refunds !== "allowed") return;
    await client.refundPayment(ersReference ?? "", { ...sale, totalAmount });
  }
}
