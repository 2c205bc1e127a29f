import { resultCode, type ResultCode } from "./result-codes";

/** Every failure of the client except SEQR's own result codes, with its cause and cure. */
export const CLIENT_ERRORS = {
  SEQR_INPUT: {
    cause: "The request breaks a documented limit and was not sent.",
    cure: "Correct the value that the message names.",
  },
  SEQR_NOT_CONFIGURED: {
    cause: "The operation needs credentials or an address that the options do not give.",
    cure: "Add the option that the message names.",
  },
  SEQR_UNREACHABLE: {
    cause: "No connection to SEQR could be made, or its certificate is not trusted; nothing was sent.",
    cure: "Check the endpoint option, the name resolution, the firewall and the certificate, or wait until SEQR is back.",
  },
  SEQR_HTTP_REFUSED: {
    cause:
      "Something on the way to SEQR answered in its place (a redirect, 401, 403, 404, 408, 499, …). That does not prove that SEQR never got the request, so whether it was done is not known.",
    cure: "Check that the endpoint option is the address of the SOAP service itself, and the firewalls in between; the plugin asks for the state.",
  },
  SEQR_MESSAGE_REFUSED: {
    cause: "SEQR could not read the message (SOAP fault Client).",
    cure: "Check that the endpoint speaks this version of the service; report it with the message.",
  },
  SEQR_TIMEOUT: {
    cause: "SEQR did not answer in time; whether it did what was asked is not known.",
    cure: "The plugin asks for the state. Raise responseTimeout if SEQR is always slow.",
  },
  SEQR_ANSWER_LOST: {
    cause:
      "The connection broke before the whole answer was there; whether SEQR did what was asked is not known.",
    cure: "The plugin asks for the state.",
  },
  SEQR_ANSWER_INVALID: {
    cause:
      "The answer is not what the service promises (no XML, no SOAP, too large, a needed field missing).",
    cure: "Check that nothing between the store and SEQR changes answers; the plugin asks for the state.",
  },
  SEQR_FAULT: {
    cause: "SEQR failed while working on the request (SOAP fault); whether it was done is not known.",
    cure: "The plugin asks for the state.",
  },
  SEQR_REPORT_INVALID: {
    cause: "What SEQR gave is not a reconciliation report, or a part of it is missing.",
    cure: "Look at the report itself, and ask for it again; nothing was concluded from it.",
  },
} as const;

export type ClientErrorCode = keyof typeof CLIENT_ERRORS;

/** What every error of the client says. Nothing in it is secret: it can be logged as it is. */
export abstract class SeqrError extends Error {
  /**
   * Whether the requested thing can have happened. `refused`: it did not. `unknown`: it may have; money must not be
   * moved again before the state is known.
   */
  abstract readonly outcome: "refused" | "unknown";

  constructor(
    /** Stable code: a key of CLIENT_ERRORS, or `SEQR_<number>` for a result code. */
    readonly code: ClientErrorCode | `SEQR_${number}`,
    readonly reason: string,
    readonly cure: string,
    /** The operation that failed, if one was called. */
    readonly operation: string | undefined,
    detail?: string,
  ) {
    super(`${operation ? `${operation}: ` : ""}${detail ?? reason} [${code}]`);
    this.name = new.target.name;
  }
}

abstract class ClientError<Code extends ClientErrorCode> extends SeqrError {
  constructor(code: Code, operation: string | undefined, detail: string) {
    super(code, CLIENT_ERRORS[code].cause, CLIENT_ERRORS[code].cure, operation, detail);
  }
}

/** The request was wrong and was not sent. */
export class SeqrInputError extends ClientError<"SEQR_INPUT" | "SEQR_NOT_CONFIGURED"> {
  override readonly outcome = "refused";
  constructor(detail: string, operation?: string, code: "SEQR_INPUT" | "SEQR_NOT_CONFIGURED" = "SEQR_INPUT") {
    super(code, operation, detail);
  }
}

/** There was no connection, so nothing was sent; or SEQR itself says that it did not act upon the message. */
export class SeqrNotDeliveredError extends ClientError<"SEQR_UNREACHABLE" | "SEQR_MESSAGE_REFUSED"> {
  override readonly outcome = "refused";
}

/** The request went out and no answer that can be trusted came back. */
export class SeqrUnknownOutcomeError extends ClientError<
  "SEQR_TIMEOUT" | "SEQR_ANSWER_LOST" | "SEQR_ANSWER_INVALID" | "SEQR_HTTP_REFUSED" | "SEQR_FAULT"
> {
  override readonly outcome = "unknown";
}

/** A report came and cannot be read; what it would have told stays unknown. */
export class SeqrReportError extends ClientError<"SEQR_REPORT_INVALID"> {
  override readonly outcome = "unknown";
  constructor(detail: string) {
    super("SEQR_REPORT_INVALID", "executeReport", `the report cannot be read: ${detail}`);
  }
}

/** SEQR answered with a result code other than 0. */
export class SeqrResultError extends SeqrError {
  override readonly outcome: "refused" | "unknown";
  readonly result: ResultCode;

  constructor(
    operation: string,
    code: number,
    /** SEQR's own words; free text, for people. */
    readonly description: string | undefined,
  ) {
    const result = resultCode(code);
    super(`SEQR_${code}`, result.cause, result.cure, operation, `${result.name}: ${result.cause}`);
    this.result = result;
    this.outcome = result.outcome === "unknown" ? "unknown" : "refused";
  }
}
