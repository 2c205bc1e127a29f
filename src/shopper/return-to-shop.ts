import type { MedusaContainer } from "@medusajs/framework/types";
import { queryOf, readRows } from "../medusa/queries";
import { filledAddress, hasPlaceholders } from "../options/return-url";
import type { ShopperPayment } from "./shopper-payment";

/**
 * Builds the storefront's address for a payment from its terminal's option `returnUrl`. An address without placeholders receives
 * `seqr_status` and `order_id` in its query.
 *
 * @returns undefined without the option, and when the address needs an unknown value in its path, such as the id of an
 * order that was not placed
 */
export async function returnUrlOf(
  container: MedusaContainer,
  returnUrl: string | undefined,
  payment: ShopperPayment,
): Promise<string | undefined> {
  if (returnUrl === undefined) return undefined;
  const { status, order, cart_id } = payment;
  if (!hasPlaceholders(returnUrl)) {
    const address = new URL(returnUrl);
    address.searchParams.set("seqr_status", status);
    if (order) address.searchParams.set("order_id", order.id);
    return address.toString();
  }
  return filledAddress(returnUrl, {
    ...{ status, order_id: order?.id, cart_id: cart_id ?? undefined },
    country: returnUrl.includes("{country}") ? await countryOf(container, cart_id) : undefined,
  });
}

interface Located {
  shipping_address?: { country_code?: string | null } | null;
  billing_address?: { country_code?: string | null } | null;
  region?: { countries?: { iso_2?: string }[] } | null;
}

/** Country of a cart, ISO 3166-1 in lower case: of the shipping address, the billing address, or the region's first. */
async function countryOf(container: MedusaContainer, cartId: string | null): Promise<string | undefined> {
  const [cart] = await readRows<Located>(queryOf(container), {
    entity: "cart",
    fields: ["shipping_address.country_code", "billing_address.country_code", "region.countries.iso_2"],
    filters: { id: cartId ?? "" },
  });
  const country =
    cart?.shipping_address?.country_code ??
    cart?.billing_address?.country_code ??
    cart?.region?.countries?.[0]?.iso_2;
  return country?.toLowerCase();
}
