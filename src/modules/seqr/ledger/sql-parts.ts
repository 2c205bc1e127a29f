import { generateEntityId } from "@medusajs/framework/utils";
import { ATTENTION_RULES, NEED_OF, NEEDS } from "../attention/attention-rules";
import type { InvoiceRecord, LeaseRequest, NewRefund, RefundRecord, TerminalKey } from "./ledger";

// Parts of the statements of PostgresLedger.

/** The kind of an invoice's attention entry, as in `kindOf`. */
export const KIND = `case ${ATTENTION_RULES.map(({ kind, states, problems }) => {
  const conditions = [
    ...(states ? [`state in (${quoted(states)})`] : []),
    ...(problems === "any" ? ["problem is not null"] : problems ? [`problem in (${quoted(problems)})`] : []),
  ];
  return `when ${conditions.join(" and ")} then '${kind}'`;
}).join(" ")} end`;

/** Rank of a kind in the attention list. */
export const RANK = `case ${Object.entries(NEED_OF)
  .map(([kind, need]) => `when kind = '${kind}' then ${NEEDS.indexOf(need)}`)
  .join(" ")} end`;

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(", ");
}

/** The row of a refund that is about to be asked for. */
export function requested(refund: NewRefund): NewRefund & Pick<RefundRecord, "id" | "state"> {
  return { ...refund, id: generateEntityId(undefined, "seqrref"), state: "requested" };
}

/** The condition that one of these terminals made an invoice, and its bindings. A comparison with null is neither true nor false. */
export function madeBy(terminals: readonly TerminalKey[]): [string, string[]] {
  const pairs = terminals.map(() => "(?, ?)").join(", ");
  return [
    `(coalesce(terminal, ''), terminal_id) in (${pairs})`,
    terminals.flatMap(({ terminal, terminal_id }) => [terminal ?? "", terminal_id]),
  ];
}

/** The invoice is due when the lease ends, so that another process takes over after a crash. */
export function leaseOf({
  owner,
  until,
}: LeaseRequest): Pick<InvoiceRecord, "lease_owner" | "lease_until" | "due_at"> {
  return { lease_owner: owner, lease_until: until, due_at: until };
}

/** The written row, or undefined when one of these unique indexes forbids it. */
export async function unlessTaken<T>(write: PromiseLike<T[]>, indexes: string[]): Promise<T | undefined> {
  try {
    return (await write)[0];
  } catch (error) {
    const { constraint } = error as { constraint?: string };
    if (constraint !== undefined && indexes.includes(constraint)) return undefined;
    throw error;
  }
}
