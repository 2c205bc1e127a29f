import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { GET } from "../../../src/api/admin/seqr/orders/[id]/route";
import type { AdminSeqrOrderPayments } from "../../../src/http-types";

interface Question {
  entity: string;
  filters: unknown;
}

/** Asks the route about an order with some payments of two refunds each. */
async function ask(payments: number): Promise<{ questions: Question[]; answer: AdminSeqrOrderPayments }> {
  const questions: Question[] = [];
  const ids = Array.from({ length: payments }, (_, number) => `seqrinv_${number}`);
  const rows: Record<string, unknown[]> = {
    order: [{ payment_collections: [{ id: "pay_col_1" }] }],
    seqr_invoice: ids.map((id) => ({ id, amount: "1.00" })),
    seqr_refund: ids.flatMap((id) => [
      { invoice_id: id, amount: "0.10" },
      { invoice_id: id, amount: "0.20" },
    ]),
    seqr_receipt: ids.map((id) => ({ invoice_id: id, state: "sent" })),
  };
  const graph = async ({ entity, filters }: Question) => {
    questions.push({ entity, filters });
    return { data: structuredClone(rows[entity]), metadata: { count: payments } };
  };
  const sent: AdminSeqrOrderPayments[] = [];
  await GET(
    {
      params: { id: "order_1" },
      queryConfig: {
        fields: ["amount", "refunds.amount", "receipts.state"],
        pagination: { skip: 0, take: 20 },
      },
      scope: { resolve: () => ({ graph }) },
    } as unknown as AuthenticatedMedusaRequest,
    { json: (answer: AdminSeqrOrderPayments) => void sent.push(answer) } as unknown as MedusaResponse,
  );
  const [answer] = sent;
  if (!answer) throw new Error("there is no answer");
  return { questions, answer };
}

describe("the payments of an order", () => {
  it("come with their refunds and receipts, in as many queries for twenty payments as for one", async () => {
    const one = await ask(1);
    expect(one.answer).toEqual({
      payments: [
        {
          ...{ id: "seqrinv_0", amount: "1.00", refunds: [{ amount: "0.10" }, { amount: "0.20" }] },
          receipts: [{ state: "sent" }],
        },
      ],
      ...{ count: 1, offset: 0, limit: 20 },
    });
    const twenty = await ask(20);
    expect(twenty.answer.payments[19]).toMatchObject({ id: "seqrinv_19", refunds: [{}, {}] });
    const entities = ["order", "seqr_invoice", "seqr_refund", "seqr_receipt"];
    expect(one.questions.map(({ entity }) => entity)).toEqual(entities);
    expect(twenty.questions.map(({ entity }) => entity)).toEqual(entities);
    expect(twenty.questions[1]?.filters).toEqual({ payment_collection_id: ["pay_col_1"] });
  });
});
