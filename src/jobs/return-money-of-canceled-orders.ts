import type { MedusaContainer } from "@medusajs/framework/types";
import { returnMoneyOfCanceledOrders } from "../workflows/canceled-orders";

/** Every five minutes: money of cancelled orders that is still here, should the event about one have been lost. */
export default function returnMoney(container: MedusaContainer): Promise<void> {
  return returnMoneyOfCanceledOrders(container);
}

export const config = { name: "seqr-return-money-of-canceled-orders", schedule: { interval: 300_000 } };
