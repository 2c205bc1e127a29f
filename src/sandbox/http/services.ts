import { operations, type OperationName } from "../../seqr/operations";
import type { Complex, fieldsOf } from "../../seqr/wire/schema";
import { otherOperations } from "./other-operations";

/** A field of a message, of any type. */
export type Field = ReturnType<typeof fieldsOf>[number][1];

/** Parameters of an operation and fields of its `return`. */
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
  /** All operations of the service description. */
  operations: ReadonlyMap<string, OperationShape>;
  /** Operations that are documented without a description (PROTOCOL 2.14); they have no effect. */
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
