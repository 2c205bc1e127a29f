import { operations, type OperationName } from "../../seqr/operations";
import type { Complex, fieldsOf } from "../../seqr/wire/schema";
import { otherOperations } from "./other-operations";

/** One of a message's fields, whatever its type. */
export type Field = ReturnType<typeof fieldsOf>[number][1];

/** What an operation takes and what its `return` holds. */
export interface OperationShape {
  request: Complex<unknown>;
  return: Complex<unknown>;
}

/** A SOAP service (PROTOCOL 1.4, 2.13). */
export interface SoapService {
  /** Name of the port type; service and port are named after it. */
  name: string;
  /** The operations that merchants use. */
  answered: readonly OperationName[];
  /** Everything that the service description lists. */
  operations: ReadonlyMap<string, OperationShape>;
  /** Operations that are documented without a description (PROTOCOL 2.14); never carried out. */
  undescribed: readonly string[];
}

const { getClientSessionInfo, ...cashRegister } = operations;

export const CASH_REGISTER: SoapService = {
  name: "ERSWSExternalClientService",
  answered: Object.keys(cashRegister) as OperationName[],
  operations: shapesOf({ ...cashRegister, ...otherOperations }),
  undescribed: ["creditUser"],
};

export const CLIENT_SESSION: SoapService = {
  name: "ERSWSClientSessionInfoService",
  answered: ["getClientSessionInfo"],
  operations: shapesOf({ getClientSessionInfo }),
  undescribed: [],
};

function shapesOf(
  table: Record<string, { request: unknown; return: unknown }>,
): ReadonlyMap<string, OperationShape> {
  return new Map(Object.entries(table as Record<string, OperationShape>));
}
