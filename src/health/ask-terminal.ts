import type { Clock } from "../clock";
import { clientOptions } from "../options/seqr-options";
import type { Terminal } from "../modules/seqr/public";
import {
  SeqrClient,
  SeqrError,
  SeqrNotDeliveredError,
  Transport,
  type CallRecord,
  type ServerFacts,
  type SoapTransport,
} from "../seqr";

/**
 * Reference of an invoice that cannot exist: SEQR's have 13 digits or more. SEQR answers 54 to a terminal that it knows, and
 * nothing changes. docs/decisions/0046 says why this question.
 */
const NO_INVOICE = "0";
/** Milliseconds to SEQR's complete answer. */
const TIME_LIMIT = 3_000;

/** What came of asking SEQR. */
export interface TerminalAnswer extends Partial<ServerFacts> {
  askedAt: Date;
  answeredAt: Date;
  /** 0, or the error's code. */
  result: CallRecord["result"];
  /** Why no connection was made, as Node names it. */
  network?: string | undefined;
}

/** Makes what carries the question, and tells what its answer says of the server. */
export type OpenTransport = (onAnswer: (facts: ServerFacts) => void) => SoapTransport;

/** Carries the question over HTTP, on a connection of its own, so that the certificate is that of today. */
const openTransport: OpenTransport = (onAnswer) =>
  new Transport(
    { connectTimeout: TIME_LIMIT, responseTimeout: TIME_LIMIT, maxResponseBytes: 100_000 },
    onAnswer,
  );

/**
 * Asks SEQR a question that changes nothing, with a terminal's credentials. It does not go by the terminal's own client, so that
 * what is found out for staff does not change how the watch treats the terminal.
 *
 * @returns within about three seconds, also when SEQR does not answer
 */
export async function askTerminal(
  { options }: Pick<Terminal, "options">,
  clock: Pick<Clock, "now">,
  open: OpenTransport = openTransport,
): Promise<TerminalAnswer> {
  let facts: Partial<ServerFacts> = {};
  const transport = open((given) => (facts = given));
  const client = new SeqrClient({ ...clientOptions(options), transport });
  const askedAt = clock.now();
  const answer = (result: CallRecord["result"], network?: string): TerminalAnswer => ({
    ...{ askedAt, answeredAt: clock.now(), result, network },
    ...facts,
  });
  try {
    await client.getPaymentStatus(NO_INVOICE, 0);
    return answer(0);
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    return answer(error.code, error instanceof SeqrNotDeliveredError ? error.network : undefined);
  } finally {
    client.close();
  }
}
