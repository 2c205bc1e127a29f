import { inHundredths, isAbout } from "./exact";
import type { Payment } from "./accounts";

/** What staff wanted to be given back of one payment, as the records could be read when they asked. */
interface Wanted {
  amount: string;
  /** How many people wanted it. */
  people: number;
  /** So many refunds of it may there be: one more than the records showed to anybody who asked. */
  most: number;
  /** So many were confirmed. */
  confirmed: number;
}

/** Who wanted which refunds. Whoever asks again after an error wants the same, unless the records already show it. */
export class Wishes {
  readonly #of = new Map<string, Wanted[]>();

  /** Somebody wants a refund. */
  wish(payment: Payment, amount: string): void {
    this.#wanted(payment, amount).people += 1;
  }

  /** The button is pressed. */
  press(payment: Payment, amount: string): void {
    const wanted = this.#wanted(payment, amount);
    wanted.most = Math.max(wanted.most, wanted.people, shown(payment, amount) + 1);
  }

  confirm(payment: Payment, amount: string): void {
    this.#wanted(payment, amount).confirmed += 1;
  }

  of({ id }: Payment): readonly Wanted[] {
    return this.#of.get(id) ?? [];
  }

  #wanted({ id }: Payment, asked: string): Wanted {
    const amount = inHundredths(asked);
    const all = this.#of.get(id) ?? [];
    const known = all.find((one) => one.amount === amount);
    if (known) return known;
    const made: Wanted = { amount, people: 0, most: 0, confirmed: 0 };
    this.#of.set(id, [...all, made]);
    return made;
  }
}

/** How many refunds of an amount Medusa's records show. */
export function shown({ refunds }: Payment, amount: string): number {
  return refunds.filter((refund) => isAbout(refund.amount, amount)).length;
}
