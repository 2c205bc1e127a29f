import { resultCode, type ResultCode } from "./result-codes";

/** Every error of the client except SEQR's own result codes, with its cause and cure. */
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
      "A proxy or a firewall answered in SEQR's place (a redirect, 401, 403, 404, 408, 499, …). SEQR may have received the request, so its outcome is unknown.",
    cure: "Check that the endpoint option is the address of the SOAP service itself, and the firewalls in between. The plugin checks the state at SEQR.",
  },
  SEQR_MESSAGE_REFUSED: {
    cause: "SEQR could not read the message (SOAP fault Client).",
    cure: "Check that the endpoint speaks this version of the service; report it with the message.",
  },
  SEQR_TIMEOUT: {
    cause: "SEQR did not answer in time; the outcome of the request is unknown.",
    cure: "The plugin checks the state at SEQR. Raise responseTimeout if SEQR is always slow.",
  },
  SEQR_ANSWER_LOST: {
    cause: "The connection broke before the whole answer had come; the outcome of the request is unknown.",
    cure: "The plugin checks the state at SEQR.",
  },
  SEQR_ANSWER_INVALID: {
    cause:
      "The answer is not what the service promises (no XML, no SOAP, too large, a needed field missing).",
    cure: "Check that nothing between the store and SEQR changes answers. The plugin checks the state at SEQR.",
  },
  SEQR_FAULT: {
    cause: "SEQR failed while working on the request (SOAP fault); its outcome is unknown.",
    cure: "The plugin checks the state at SEQR.",
  },
  SEQR_REPORT_INVALID: {
    cause: "SEQR sent something that is not a reconciliation report, or that lacks a part of it.",
    cure: "Open the report itself, and fetch it again; the plugin has not used it.",
  },
} as const;

export type ClientErrorCode = keyof typeof CLIENT_ERRORS;

/** Base of the client's errors. It holds no secret and no payer data, so it can be logged. */
export abstract class SeqrError extends Error {
  /**
   * Whether the operation may have taken effect. `refused`: it has not. `unknown`: it may have, and must not be repeated
   * with money before its state is known.
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

/** The request breaks a documented limit, or the client is not configured for it. Nothing was sent. */
export class SeqrInputError extends ClientError<"SEQR_INPUT" | "SEQR_NOT_CONFIGURED"> {
  override readonly outcome = "refused";
  constructor(detail: string, operation?: string, code: "SEQR_INPUT" | "SEQR_NOT_CONFIGURED" = "SEQR_INPUT") {
    super(code, operation, detail);
  }
}

/** No connection was established, so nothing was sent; or SEQR states that it did not act upon the message. */
export class SeqrNotDeliveredError extends ClientError<"SEQR_UNREACHABLE" | "SEQR_MESSAGE_REFUSED"> {
  override readonly outcome = "refused";
  constructor(
    code: "SEQR_UNREACHABLE" | "SEQR_MESSAGE_REFUSED",
    operation: string | undefined,
    detail: string,
    /** Why no connection was established, as Node names it: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
    readonly network?: string,
  ) {
    super(code, operation, detail);
  }
}

/** The request was sent, and no trustworthy answer came. */
export class SeqrUnknownOutcomeError extends ClientError<
  "SEQR_TIMEOUT" | "SEQR_ANSWER_LOST" | "SEQR_ANSWER_INVALID" | "SEQR_HTTP_REFUSED" | "SEQR_FAULT"
> {
  override readonly outcome = "unknown";
}

/** The report that SEQR sent cannot be read. */
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
    /** SEQR's description of the result; free text for people. */
    readonly description: string | undefined,
  ) {
    const result = resultCode(code);
    super(`SEQR_${code}`, result.cause, result.cure, operation, `${result.name}: ${result.cause}`);
    this.result = result;
    this.outcome = result.outcome === "unknown" ? "unknown" : "refused";
  }
}
