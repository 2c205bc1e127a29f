import { MedusaError } from "@medusajs/framework/utils";
import { classifyCompletionError, messageOf } from "../../../src/processing/classify-completion-error";

describe("what a failed completion says of the cart", () => {
  const failed = (type: string, code?: string) =>
    classifyCompletionError(Object.assign(new MedusaError(type, "it failed", code), { code: code ?? "" }));

  it.each([
    ...[MedusaError.Types.NOT_ALLOWED, MedusaError.Types.INVALID_DATA, MedusaError.Types.INVALID_ARGUMENT],
    ...[MedusaError.Types.NOT_FOUND, MedusaError.Types.CONFLICT, "insufficient_inventory"],
  ])("is that it cannot become an order, when Medusa calls it %s", (type) => {
    expect(failed(type)).toEqual({ outcome: "impossible", message: "it failed", code: "" });
  });

  it.each(["database_error", "unexpected_state", "payment_authorization_error", ""])(
    "is that it may work later, when Medusa calls it %j",
    (type) => {
      expect(failed(type).outcome).toBe("failed");
    },
  );

  it.each(["SEQR_WAITING", "SEQR_PAYMENT_ENDED", "SEQR_PAYMENT_REFUNDED"])(
    "is that the money is not there, when we say %s",
    (code) => {
      expect(failed("not_allowed", code)).toEqual({ outcome: "unpaid", message: "it failed", code });
    },
  );

  it("is that it cannot become an order, when its total is not what the invoice says", () => {
    const code = "SEQR_AMOUNT_DIFFERS";
    expect(failed("payment_authorization_error", code)).toEqual({
      ...{ outcome: "impossible", message: "it failed", code },
    });
  });

  it.each(["SEQR_BUSY", "SEQR_UNREACHABLE"])("is that it may work later, when we say %s", (code) => {
    expect(failed("not_allowed", code)).toEqual({ outcome: "failed", message: "it failed", code });
  });

  it.each([
    [{ type: "not_found", message: "gone" }, "impossible", "gone"],
    [{ message: "gone" }, "failed", "gone"],
    ["gone", "failed", "gone"],
    [undefined, "failed", "undefined"],
    [null, "failed", "null"],
  ])("is read from what a workflow hands on: %j", (error, outcome, message) => {
    expect(classifyCompletionError(error)).toMatchObject({ outcome, message, code: "" });
    expect(messageOf(error)).toBe(message);
  });
});
