import type { Answer, Parameter, Report } from "../types";
import { complex, extended, text } from "../wire/schema";
import { checkNotEmpty, failMissing, parameterMapOf } from "./checks";
import { clientContext, commonAnswer, parameterMap, report } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of executeReport (PROTOCOL 2.12). */
export interface ExecuteReportRequest extends WithContext {
  reportId?: string;
  language?: string;
  parameters?: { parameter?: Parameter[] };
}

/** Answer to executeReport (PROTOCOL 2.12). */
export interface ExecuteReportReturn extends Answer {
  report?: Report;
}

/** Fetches a report (PROTOCOL 2.12, 9.2). Result code 2 means that it is not ready: ask again in three seconds. */
export const executeReport = operation({
  principal: "RESELLERUSER",
  answersWithDocument: true,
  request: complex<ExecuteReportRequest>("executeReport", {
    context: clientContext,
    reportId: text,
    language: text,
    parameters: parameterMap,
  }),
  return: extended<Answer, ExecuteReportReturn>(commonAnswer, "erswsExecuteReportResponse", { report }),
  /**
   * @param reportId `Reconciliation/STD_RECON_003.xml`
   * @param parameters `transactionPeriodId`, and `TERMINALID` for terminal reports
   * @param language `en`; left out, SEQR's default
   */
  async method(
    seqr,
    reportId: string,
    parameters: Record<string, string> = {},
    language?: string,
  ): Promise<Report> {
    const name = "executeReport";
    checkNotEmpty(reportId, "reportId", name);
    const map = Object.keys(parameters).length > 0 ? parameterMapOf(parameters) : undefined;
    return seqr.send(
      { reportId, language, parameters: map },
      ({ report }) => report ?? failMissing("report", name),
    );
  },
});
