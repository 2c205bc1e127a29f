import { filledAddress, hasPlaceholders } from "../../../src/options/return-url";

describe("the shopper's return address", () => {
  const values = { order_id: "order_1", country: "se", status: "paid", cart_id: "cart_1" };

  it("is filled in, as often as it names something", () => {
    const address =
      "https://shop.example/{country}/order/{order_id}?status={status}&cart={cart_id}#{country}";
    expect(hasPlaceholders(address)).toBe(true);
    expect(filledAddress(address, values)).toBe(
      "https://shop.example/se/order/order_1?status=paid&cart=cart_1#se",
    );
  });

  it("is none while its path names what there is not; the query may stay empty", () => {
    const unpaid = { ...values, order_id: undefined };
    expect(filledAddress("https://shop.example/order/{order_id}", unpaid)).toBeUndefined();
    expect(filledAddress("https://shop.example/back?order={order_id}&status={status}", unpaid)).toBe(
      "https://shop.example/back?order=&status=paid",
    );
  });

  it("leads to its own host, whatever is filled in", () => {
    const evil = { ...values, order_id: "../..//evil.example/?a#b", country: "@evil.example" };
    const address = filledAddress("https://shop.example/{country}/x/{order_id}?o={order_id}", evil) ?? "";
    expect(new URL(address).origin).toBe("https://shop.example");
    expect(new URL(address).pathname).toBe("/%40evil.example/x/..%2F..%2F%2Fevil.example%2F%3Fa%23b");
  });

  it("has no placeholders when it names nothing", () => {
    expect(hasPlaceholders("https://shop.example/back?step=payment")).toBe(false);
  });
});
