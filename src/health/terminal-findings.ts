import type { AdminSeqrFinding } from "../http-types";
import type { TerminalAnswer } from "./ask-terminal";
import { finding } from "./finding-codes";

/** Milliseconds after which an answer is slow: shoppers wait for it. */
const SLOW = 1_500;
/** Milliseconds by which clocks may differ. */
const SKEW = 30_000;
const DAY = 86_400_000;
/** Days before its end in which a certificate should be replaced. */
const CERTIFICATE_DAYS = 14;

/** Results by which SEQR has certainly not answered as it promises. */
const NOT_SEQR = new Set<unknown>([
  ...["SEQR_HTTP_REFUSED", "SEQR_MESSAGE_REFUSED", "SEQR_ANSWER_INVALID", "SEQR_FAULT"],
  ...["SEQR_INPUT", "SEQR_NOT_CONFIGURED"],
]);
const NO_ANSWER = new Set<unknown>(["SEQR_TIMEOUT", "SEQR_ANSWER_LOST"]);
const BUSY = new Set<unknown>(["SEQR_90", "SEQR_93", "SEQR_94"]);
/** SEQR has searched for the invoice: the terminal and its password are right. */
const ACCEPTED = new Set<unknown>([0, "SEQR_54", "SEQR_58"]);
/** Failures of TLS, as Node names them. */
const TLS = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_|CRL|^ERR_TLS|^ERR_SSL|^EPROTO/;

/** Says what an answer tells of a terminal. @param isHttps whether its endpoint has a certificate */
export function terminalFindings(answer: TerminalAnswer, isHttps: boolean): AdminSeqrFinding[] {
  return [
    answerFinding(answer),
    credentialFinding(answer),
    ...(isHttps ? certificateFinding(answer) : []),
    ...clockFinding(answer),
  ];
}

function answerFinding({ result, network, askedAt, answeredAt }: TerminalAnswer): AdminSeqrFinding {
  const milliseconds = answeredAt.getTime() - askedAt.getTime();
  const values = { milliseconds, ...(result !== 0 && { result }) };
  if (result === "SEQR_UNREACHABLE")
    return finding("unreachable", { ...values, ...(network !== undefined && { network }) });
  if (NO_ANSWER.has(result)) return finding("no_answer", values);
  if (NOT_SEQR.has(result)) return finding("answers_wrongly", values);
  if (BUSY.has(result)) return finding("answers_busy", values);
  return finding(milliseconds > SLOW ? "answers_slowly" : "answers", { milliseconds });
}

function credentialFinding({ result }: TerminalAnswer): AdminSeqrFinding {
  if (ACCEPTED.has(result)) return finding("credentials_accepted");
  switch (result) {
    case "SEQR_20":
      return finding("password_refused", { result });
    case "SEQR_21":
      return finding("access_denied", { result });
    case "SEQR_29":
    case "SEQR_37":
      return finding("terminal_unknown", { result });
    case "SEQR_33":
      return finding("terminal_blocked", { result });
    default:
      return finding("credentials_unknown", { result });
  }
}

function certificateFinding({ network, certificateUntil, answeredAt }: TerminalAnswer): AdminSeqrFinding[] {
  if (network !== undefined && TLS.test(network)) return [finding("certificate_refused", { network })];
  if (!certificateUntil) return [];
  const days = Math.floor((certificateUntil.getTime() - answeredAt.getTime()) / DAY);
  const code = days < CERTIFICATE_DAYS ? "certificate_expires" : "certificate_valid";
  return [finding(code, { days, until: certificateUntil.toISOString() })];
}

function clockFinding({ date, askedAt, answeredAt }: TerminalAnswer): AdminSeqrFinding[] {
  if (!date) return [];
  // SEQR's clock has whole seconds, and ran on while the answer was under way.
  const earliest = date.getTime() - answeredAt.getTime();
  const latest = date.getTime() + 1_000 - askedAt.getTime();
  const skew = earliest > 0 ? earliest : Math.min(latest, 0);
  return [
    finding(Math.abs(skew) > SKEW ? "clock_wrong" : "clock_right", { seconds: Math.round(skew / 1_000) }),
  ];
}
