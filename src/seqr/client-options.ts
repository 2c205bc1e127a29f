import { SeqrInputError, type SeqrError } from "./errors";
import type { OperationName } from "./operations";
import { checkEndpoint } from "./wire/endpoint";
import type { SoapTransport, TransportOptions } from "./wire/transport";

/** Credentials of one terminal (PROTOCOL 3.2, 8). */
export interface TerminalCredentials {
  /** As SEQR gave it, or as registerTerminal returned it. */
  id: string;
  /** At least 4 characters, else SEQR refuses everything with 21. */
  password: string;
}

/** Credentials of a shop's user; needed for terminals and reports (PROTOCOL 3.2, 8). */
export interface ResellerCredentials {
  /** The shop's id. */
  id: string;
  /** `9900` in every published example, which is the default. */
  userId?: string;
  password: string;
}

/** One call that was sent, for logs and metrics. Holds no secret and no payer data. */
export interface CallRecord {
  operation: OperationName;
  /** Our reference of the call, which SEQR stores for troubleshooting. */
  clientReference: string;
  /** Milliseconds from sending to the outcome. */
  duration: number;
  /** 0 when it succeeded, otherwise the error's code. */
  result: 0 | SeqrError["code"];
}

/**
 * Options of a client. Wrong ones are refused with SEQR_NOT_CONFIGURED: addresses and limits by the constructor,
 * credentials when an operation needs them.
 */
export interface SeqrClientOptions extends Partial<TransportOptions> {
  /** Address of the SOAP service; https, or http on this machine. SEQR gives it to each merchant (PROTOCOL 1.3). */
  endpoint: string;
  /** Names of hosts on which a sandbox runs: http is accepted for them too. The password is then sent as plain text. */
  sandboxHosts?: readonly string[];
  /** Address of the client session service; needed for getClientSessionInfo only. */
  sessionEndpoint?: string;
  /** Needed for everything but registerTerminal, markTransactionPeriod and executeReport. */
  terminal?: TerminalCredentials;
  /** Needed for registerTerminal, markTransactionPeriod and executeReport. */
  reseller?: ResellerCredentials;
  /** Name and version of the merchant's software; certification wants the company's name. Default: this package's name. */
  clientId?: string;
  /** `ClientWS` or `WS`, the default; at most 40 characters. */
  channel?: string;
  /** Makes the reference of each call, at most 32 characters. Default: 32 random hex digits. */
  clientReference?: () => string;
  /** Milliseconds since 1970. Default: the system's clock. */
  now?: () => number;
  /** Carries the messages in place of HTTP, in simulations and tests. The limits are for HTTP only. */
  transport?: SoapTransport;
  /** Milliseconds until the whole answer to executeReport is there. Default: 60 000, or `responseTimeout` if that is longer. */
  reportTimeout?: number;
  /**
   * Bytes; a longer answer to executeReport is not read. Default: 130 000 000, or `maxResponseBytes` if that is more. A
   * transaction takes about 450, because SEQR sends every report twice.
   */
  maxReportBytes?: number;
  /** Called after every call that was sent. An error that it throws is ignored: the call has been made. */
  onCall?: (record: CallRecord) => void;
}

/**
 * Checks the addresses and the channel.
 *
 * @throws {SeqrInputError} naming the option
 */
export function checkClientOptions(options: SeqrClientOptions): void {
  const { endpoint, sessionEndpoint, sandboxHosts, channel } = options;
  checkEndpoint(endpoint, "endpoint", sandboxHosts);
  if (sessionEndpoint !== undefined) checkEndpoint(sessionEndpoint, "sessionEndpoint", sandboxHosts);
  if (channel !== undefined && channel.length > 40) {
    throw new SeqrInputError("channel is longer than 40 characters", undefined, "SEQR_NOT_CONFIGURED");
  }
}
