import { operations, type OperationName } from "../../seqr/messages";

/** A SOAP service: which operations it has, and its names in the service description (PROTOCOL 1.4, 2.13). */
export interface SoapService {
  /** Name of the port type. */
  name: string;
  /** Operations that are answered. */
  answered: readonly OperationName[];
  /** Operations of the published interface that merchants cannot use: code 91 (PROTOCOL 2.15). */
  unsupported: readonly string[];
  /** Whether it has benchmarkingNop, which always succeeds. */
  nop: boolean;
}

export const NOP = "benchmarkingNop";

const SESSION_OPERATION = "getClientSessionInfo";

export const CASH_REGISTER: SoapService = {
  name: "ERSWSExternalClientService",
  answered: (Object.keys(operations) as OperationName[]).filter((name) => name !== SESSION_OPERATION),
  unsupported: [
    "requestTopup",
    "requestTransfer",
    "requestPurchase",
    "requestPrincipalInformation",
    "changePrincipalPassword",
    "confirmCustomerRegistration",
  ],
  nop: true,
};

export const CLIENT_SESSION: SoapService = {
  name: "ERSWSClientSessionInfoService",
  answered: [SESSION_OPERATION],
  unsupported: [],
  nop: false,
};
