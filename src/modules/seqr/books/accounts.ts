import { SeqrClient, type SeqrClientOptions } from "../../../seqr";
import { seqrError } from "../../../errors/error-codes";
import type { PeriodScope } from "../../../options/periods-options";
import { clientOptions } from "../../../options/seqr-options";
import type { Terminal, Terminals } from "../operations/terminals";
import type { PeriodRecord } from "./books-ledger";

/** Milliseconds for which an answer to a closing is awaited at least: one that comes too late for the plugin is lost. */
const CLOSING_TIMEOUT = 60_000;

/** A merchant's account at a server of SEQR, with the terminals of the store that belong to it. */
export interface Account {
  endpoint: string;
  resellerId: string;
  client: SeqrClient;
  /** Also those that the store no longer sells with: their refunds are in the account's reports. */
  terminals: readonly Terminal[];
}

/** What a period is closed of: an account's whole shop, or one of its terminals. */
export interface Scope {
  /** Names it in one text. */
  key: string;
  account: Account;
  terminal: Terminal | null;
}

/** How a scope is asked for. What is left out has to be clear without it. */
export interface ScopeQuery {
  reseller_id?: string | undefined;
  /** Address of SEQR's service, where accounts at several have the same id. */
  endpoint?: string | undefined;
  /** Name of the terminal whose period it is; left out, the shop's. */
  terminal?: string | undefined;
}

/** The accounts of a store. */
export class Accounts {
  constructor(readonly all: readonly Account[]) {}

  /** The account of a period; undefined when the options name it no longer. */
  of({ endpoint, reseller_id }: Pick<PeriodRecord, "endpoint" | "reseller_id">): Account | undefined {
    return this.all.find((account) => account.endpoint === endpoint && account.resellerId === reseller_id);
  }

  /** Everything of which a period is closed: each account, or each of its terminals. */
  scopes(by: PeriodScope): Scope[] {
    return this.all.flatMap((account) =>
      by === "shop"
        ? [scopeOf(account, null)]
        : [...terminalsById(account).values()].map((terminal) => scopeOf(account, terminal)),
    );
  }

  /**
   * Finds everything of which a period is to be closed: a terminal that is named; otherwise an account that is named, or each account, as
   * a whole or by terminals.
   *
   * @throws {MedusaError} as `scope`; SEQR_ACCOUNT_UNKNOWN when there is no account
   */
  toClose(query: ScopeQuery, by: PeriodScope): Scope[] {
    const { reseller_id, endpoint, terminal } = query;
    if (terminal !== undefined) return [this.scope(query)];
    const isNamed = reseller_id !== undefined || endpoint !== undefined || this.all.length === 0;
    return (isNamed ? new Accounts([this.scope(query).account]) : this).scopes(by);
  }

  /**
   * Finds what a period is to be closed of.
   *
   * @throws {MedusaError} SEQR_ACCOUNT_UNKNOWN when the options have no such account, or several of that description;
   * SEQR_PERIOD_TERMINAL when no such account has the terminal
   */
  scope({ reseller_id, endpoint, terminal: name }: ScopeQuery): Scope {
    const accounts = this.all.filter(
      (account) =>
        (reseller_id === undefined || account.resellerId === reseller_id) &&
        (endpoint === undefined || account.endpoint === endpoint),
    );
    const fitting = accounts.flatMap((account) => {
      if (name === undefined) return [scopeOf(account, null)];
      const terminal = account.terminals.find((one) => one.name === name);
      return terminal ? [scopeOf(account, terminal)] : [];
    });
    const [scope, ...others] = fitting;
    if (scope && others.length === 0) return scope;
    if (!scope && name !== undefined && accounts.length > 0) {
      const names = accounts.flatMap(({ terminals }) => terminals.map((terminal) => terminal.name));
      throw seqrError("SEQR_PERIOD_TERMINAL", `Terminals: ${names.join(", ")}.`);
    }
    const known = this.all.map(({ resellerId, endpoint }) => `${resellerId} at ${endpoint}`);
    throw seqrError("SEQR_ACCOUNT_UNKNOWN", `Accounts: ${known.join(", ") || "none"}.`);
  }
}

/**
 * Makes what calls with the accounts of a store's terminals work with.
 *
 * @param client options of the clients beside those of the terminals, for simulations and tests
 */
export function openAccounts(terminals: Terminals, client: Partial<SeqrClientOptions> = {}): Accounts {
  const accounts = new Map<string, Account & { terminals: Terminal[] }>();
  for (const terminal of terminals.all) {
    const { options } = terminal;
    const { endpoint, reseller } = options;
    if (!reseller) continue;
    const key = JSON.stringify([endpoint, reseller.id]);
    const account = accounts.get(key) ?? {
      ...{ endpoint, resellerId: reseller.id, terminals: [] },
      // A client of its own: what SEQR says about the account tells nothing about a terminal's password.
      client: new SeqrClient({
        ...clientOptions(options),
        ...{ reseller, responseTimeout: Math.max(options.responseTimeout, CLOSING_TIMEOUT) },
        ...client,
      }),
    };
    account.terminals.push(terminal);
    accounts.set(key, account);
  }
  return new Accounts([...accounts.values()]);
}

function scopeOf(account: Account, terminal: Terminal | null): Scope {
  const { endpoint, resellerId } = account;
  const key = JSON.stringify([endpoint, resellerId, terminal?.options.terminalId ?? null]);
  return { key, account, terminal };
}

/** A terminal that two entries of the options name is one terminal to SEQR: the one that the store sells with, where there is one. */
function terminalsById({ terminals }: Account): Map<string, Terminal> {
  const byId = new Map<string, Terminal>();
  for (const terminal of terminals) {
    const { terminalId, retired } = terminal.options;
    if (!byId.has(terminalId) || !retired) byId.set(terminalId, terminal);
  }
  return byId;
}
