import { SeqrClient, type SeqrClientOptions } from "../../../seqr";
import type { Clock } from "../../../clock";
import { seqrError, type ErrorCode } from "../../../errors/error-codes";
import { clientOptions, type ResolvedOptions } from "../../../options/seqr-options";
import type { Ledger, TerminalKey } from "../ledger/ledger";
import { CircuitBreaker } from "./circuit-breaker";
import { CredentialCheck } from "./credential-check";
import { NotificationReliability } from "./notification-reliability";

const PROVIDER_PREFIX = "pp_seqr_";
const UNKNOWN: ErrorCode = "SEQR_TERMINAL_UNKNOWN";

/** A terminal of SEQR that the store has, and what calls with its credentials work with. */
export interface Terminal {
  /** Last part of its payment provider's id: `pp_seqr_<name>`. */
  name: string;
  options: ResolvedOptions;
  client: SeqrClient;
  endpoint: Endpoint;
  /** Whether SEQR accepts the credentials that this process has. */
  credentials: CredentialCheck;
  notifications: NotificationReliability;
}

/** A server of SEQR. What one of them does tells nothing about the others. */
export interface Endpoint {
  address: string;
  breaker: CircuitBreaker;
}

/** What the terminals of a process share. */
export interface TerminalDependencies {
  ledger: Pick<Ledger, "latestPaid">;
  clock: Clock;
  /** Options of the clients beside those of the terminals, for simulations and tests. */
  client?: Partial<SeqrClientOptions>;
}

/** The terminals of a store. Every call about an invoice goes to the endpoint, and with the credentials, of the terminal that made it. */
export class Terminals {
  /** The servers of SEQR that the terminals belong to. */
  readonly endpoints: readonly Endpoint[];

  constructor(readonly all: readonly Terminal[]) {
    this.endpoints = [...new Set(all.map(({ endpoint }) => endpoint))];
  }

  /**
   * Finds a terminal by its name.
   *
   * @param name left out, the store's only one
   * @throws {MedusaError} SEQR_TERMINAL_UNKNOWN when the options name no such terminal
   */
  named(name: string | undefined): Terminal {
    const only = this.all.length === 1 ? this.all[0] : undefined;
    const terminal = name === undefined ? only : this.all.find((one) => one.name === name);
    if (!terminal) throw seqrError(UNKNOWN, `The payment provider's terminal is ${name ?? "not named"}.`);
    return terminal;
  }

  /**
   * Finds the terminal that made an invoice.
   *
   * @throws {MedusaError} SEQR_TERMINAL_UNKNOWN when the options name it no longer
   */
  of(invoice: TerminalKey): Terminal {
    const made = this.find(invoice);
    if (!made)
      throw seqrError(UNKNOWN, `It is "${invoice.terminal ?? "without a name"}", id ${invoice.terminal_id}.`);
    return made;
  }

  /** Finds the terminal that made an invoice; undefined when the options name it no longer. */
  find({ terminal, terminal_id }: TerminalKey): Terminal | undefined {
    const [first, ...others] = this.all.filter(
      ({ name, options }) => options.terminalId === terminal_id && (terminal === null || terminal === name),
    );
    // An invoice from before a store could have several terminals has no name. Money is never sent on a guess.
    return others.every(({ endpoint }) => endpoint === first?.endpoint) ? first : undefined;
  }

  /** The terminals of one server of SEQR. */
  at(endpoint: Endpoint): Terminal[] {
    return this.all.filter((terminal) => terminal.endpoint === endpoint);
  }

  /** What the ledger has of the invoices that these terminals made. */
  keysOf(terminals: readonly Terminal[]): TerminalKey[] {
    return terminals.flatMap((terminal) => {
      const terminal_id = terminal.options.terminalId;
      const unnamed = { terminal: null, terminal_id };
      return [
        { terminal: terminal.name, terminal_id },
        ...(this.find(unnamed) === terminal ? [unnamed] : []),
      ];
    });
  }

  /** The options by which an invoice is shown: of its terminal, or of the first when the options name its terminal no longer. */
  shownBy(invoice: TerminalKey): ResolvedOptions {
    const { options } = this.find(invoice) ?? this.first;
    return options;
  }

  get first(): Terminal {
    const [first] = this.all;
    if (!first) throw seqrError(UNKNOWN);
    return first;
  }

  /** The terminals that the store sells with. */
  get sold(): Terminal[] {
    return this.all.filter(({ options }) => !options.retired);
  }
}

/** Makes what calls of a store's terminals work with. Terminals at one endpoint share what is known about it. */
export function openTerminals(
  terminals: readonly ResolvedOptions[],
  { ledger, clock, client = {} }: TerminalDependencies,
): Terminals {
  const endpoints = new Map<string, Endpoint>();
  const endpointAt = (address: string): Endpoint => {
    const endpoint = endpoints.get(address) ?? { address, breaker: new CircuitBreaker() };
    endpoints.set(address, endpoint);
    return endpoint;
  };
  return new Terminals(
    terminals.map((options) => {
      const endpoint = endpointAt(options.endpoint);
      const credentials = new CredentialCheck(clock);
      return {
        name: options.providerId,
        options,
        endpoint,
        credentials,
        client: new SeqrClient({
          ...clientOptions(options),
          ...client,
          onCall: ({ result }) => {
            endpoint.breaker.record(result);
            credentials.record(result);
          },
        }),
        notifications: new NotificationReliability(ledger, clock, options.providerId),
      };
    }),
  );
}

/** Medusa's id of a terminal's payment provider. */
export function providerOf({ name }: Pick<Terminal, "name">): string {
  return PROVIDER_PREFIX + name;
}

/** Whether it is Medusa's id of a payment provider of SEQR, also of a terminal that the options name no longer. */
export function isSeqrProvider(providerId: string): boolean {
  return providerId.startsWith(PROVIDER_PREFIX);
}

/** Whether an error says that the terminal of an invoice is not in the options any more. */
export function isTerminalUnknown(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === UNKNOWN;
}
