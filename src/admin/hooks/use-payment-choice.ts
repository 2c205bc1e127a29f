import { useSearchParams } from "react-router-dom";
import { INVOICE_STATES_SHOWN } from "../lib/invoice-states";
import { PAGE_SIZE } from "../lib/page-size";
import { searchFor } from "../lib/search";
import type { PaymentChoice } from "./use-payments";

/** What of the payments is listed, as the address has it. Empty: everything. */
export interface AddressChoice {
  q: string;
  state: string;
  terminal: string;
  currency_code: string;
  from: string;
  to: string;
  has_problem: string;
  order: string;
}

const NAMES = [
  "q",
  "state",
  "terminal",
  "currency_code",
  "from",
  "to",
  "has_problem",
  "order",
] as const satisfies (keyof AddressChoice)[];

interface UsedChoice {
  choice: AddressChoice;
  /** For the server: only what is chosen and makes sense. */
  query: PaymentChoice;
  /** From 0. */
  page: number;
  isFiltered: boolean;
  change: (part: Partial<AddressChoice>) => void;
  show: (page: number) => void;
  clear: () => void;
}

/** What is chosen in the list of payments. It is kept in the address, so that links, the browser's buttons and a reload keep it. */
export function usePaymentChoice(): UsedChoice {
  const [params, setParams] = useSearchParams();
  const choice = Object.fromEntries(
    NAMES.map((name) => [name, params.get(name) ?? ""]),
  ) as unknown as AddressChoice;
  const asked = Math.trunc(Number(params.get("page") ?? 1) || 1) - 1;
  const page = Math.min(Math.max(0, asked), LAST_PAGE);
  const write = (next: Partial<AddressChoice>, nextPage: number): void => {
    const written = new URLSearchParams();
    for (const name of NAMES) {
      const value = { ...choice, ...next }[name];
      if (value !== "") written.set(name, value);
    }
    if (nextPage > 0) written.set("page", String(nextPage + 1));
    setParams(written, { replace: true, preventScrollReset: true });
  };
  return {
    choice,
    query: queryOf(choice),
    page,
    isFiltered: NAMES.some((name) => name !== "order" && choice[name] !== ""),
    change: (part) => write(part, 0),
    show: (next) => write({}, next),
    clear: () =>
      write(Object.fromEntries(NAMES.map((name) => [name, name === "order" ? choice.order : ""])), 0),
  };
}

/** Where the server's list ends, from 0: what lies behind is found by a filter. */
const LAST_PAGE = 10_000 / PAGE_SIZE;

/** Names, such as those of terminals. */
const NAME = /^\P{Cc}{1,200}$/u;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function queryOf({
  q,
  state,
  terminal,
  currency_code,
  from,
  to,
  has_problem,
  order,
}: AddressChoice): PaymentChoice {
  const search = searchFor(q);
  const known = INVOICE_STATES_SHOWN.find((one) => one === state);
  return {
    ...(search && { q: search }),
    ...(known && { state: known }),
    ...(NAME.test(terminal) && { terminal }),
    ...(/^[a-z]{3}$/i.test(currency_code) && { currency_code }),
    ...(DAY.test(from) && { from }),
    ...(DAY.test(to) && { to }),
    ...((has_problem === "true" || has_problem === "false") && { has_problem: has_problem === "true" }),
    ...(order === "created_at" && { order }),
  };
}
