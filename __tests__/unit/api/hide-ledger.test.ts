import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { validateAndTransformQuery } from "@medusajs/framework/http";
import { createFindParams } from "@medusajs/medusa/api/utils/validators";
import { hideLedger } from "../../../src/api/middlewares/hide-ledger";

/** What Medusa makes of `fields` on a route of the storefront's API that allows all fields. */
async function fieldsOf(fields: string): Promise<string[]> {
  const restricted: string[] = [];
  const restrictedFields = { add: (more: string[]) => void restricted.push(...more), list: () => restricted };
  const req = { query: { fields }, allowed: [], restrictedFields } as unknown as MedusaRequest;
  const res = {} as MedusaResponse;
  const failed = jest.fn();
  hideLedger(req, res, failed);
  await validateAndTransformQuery(createFindParams(), { isList: false, defaults: ["id"] })(req, res, failed);
  expect(failed.mock.calls).toEqual([[], []]);
  return req.queryConfig.fields;
}

describe("the storefront's API", () => {
  it.each([
    "seqr_invoices",
    "*seqr_invoices",
    "+seqr_invoices.state",
    "*payment_collection.seqr_invoices",
    "payment_collection.payment_sessions.seqr_invoice.*",
    "+payments.refunds.seqr_refunds.amount",
  ])("does not give %s", async (field) => {
    expect(await fieldsOf(`id,email,${field}`)).not.toEqual(
      expect.arrayContaining([expect.stringContaining("seqr_")]),
    );
    expect(await fieldsOf(`id,email,${field}`)).toEqual(expect.arrayContaining(["id", "email"]));
  });
});
