import { makeReadOnly } from "../../../src/modules/seqr/read-only";
import SeqrModuleService from "../../../src/modules/seqr/service";

const MODELS = ["Invoices", "Observations", "Refunds", "Decisions", "PurchaseLocks"];
const WRITES = ["create", "update", "delete", "softDelete", "restore"];

describe("the methods that Medusa generates for the ledger", () => {
  const methods = SeqrModuleService.prototype as unknown as Record<
    string,
    (given: unknown) => Promise<unknown>
  >;

  it.each(MODELS.flatMap((model) => WRITES.map((verb) => `${verb}Seqr${model}`)))(
    "%s is closed, and says what to use",
    async (name) => {
      await expect(methods[name]?.({})).rejects.toMatchObject({
        ...{ type: "not_allowed", code: "SEQR_READ_ONLY" },
        message: expect.stringContaining(`${name}. Use the workflows`),
      });
    },
  );

  it.each(["retrieveSeqrInvoice", "listSeqrInvoices", "listAndCountSeqrInvoices", "listSeqrRefunds"])(
    "%s is still there",
    (name) => {
      expect(methods[name]).toBeInstanceOf(Function);
    },
  );

  it("read invoices without the hashes of their tokens", async () => {
    const row = { id: "seqrinv_1", token_hash: "a", notification_token_hash: "b", state: "open" };
    class Generated {
      async retrieveSeqrInvoice(id: string): Promise<unknown> {
        return { ...row, id };
      }
      async listSeqrInvoices(): Promise<unknown> {
        return [row];
      }
      async listAndCountSeqrInvoices(): Promise<unknown> {
        return [[row], 1];
      }
    }
    class Service extends Generated {}
    makeReadOnly(Service);
    const service = new Service();
    const told = { id: "seqrinv_1", state: "open" };
    expect(await service.retrieveSeqrInvoice("seqrinv_1")).toEqual(told);
    expect(await service.listSeqrInvoices()).toEqual([told]);
    expect(await service.listAndCountSeqrInvoices()).toEqual([[told], 1]);
  });
});
