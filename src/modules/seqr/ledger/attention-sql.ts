import type { BooksKind } from "../attention/attention-kinds";
import { NEED_OF, NEEDS, ATTENTION_RULES } from "../attention/attention-rules";

/** The kind of an invoice's attention entry in SQL, as in `kindOf`. */
export const KIND = `case ${ATTENTION_RULES.map(({ kind, states, problems }) => {
  const conditions = [
    ...(states ? [`state in (${quoted(states)})`] : []),
    ...(problems === "any" ? ["problem is not null"] : problems ? [`problem in (${quoted(problems)})`] : []),
  ];
  return `when ${conditions.join(" and ")} then '${kind}'`;
}).join(" ")} end`;

/** The kinds of entries about a period, and when it has one: as in `entriesOfPeriod`. */
export const BOOKS_RULES: readonly { kind: BooksKind; condition: string }[] = [
  { kind: "period_lost", condition: "is_open and state <> 'unreported'" },
  { kind: "period_unreported", condition: "is_open and state = 'unreported'" },
  { kind: "report_differs", condition: "report_differs" },
  { kind: "summary_differs", condition: "summary_differs" },
];

/** Rank of a kind in the attention list, in SQL. */
export const RANK = `case ${Object.entries(NEED_OF)
  .map(([kind, need]) => `when kind = '${kind}' then ${NEEDS.indexOf(need)}`)
  .join(" ")} end`;

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(", ");
}
