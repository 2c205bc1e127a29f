import type { ClientContext } from "../types";
import type { Complex } from "../wire/schema";

/**
 * One SOAP operation: the description of its messages, which the client, the sandbox and the service description
 * read, and the client's method.
 */
export interface Operation<Request, Return, Parameters extends unknown[], Result> {
  /** Whose credentials it needs: a terminal's, or those of a shop's user (RESELLERUSER) (PROTOCOL 3.2). */
  principal: "TERMINALID" | "RESELLERUSER";
  /** Set when another service than that of the cash register offers the operation (PROTOCOL 2.13). */
  service?: "client-session";
  /**
   * Set when a repetition does the thing twice. Such a request gets a connection of its own: on a kept one the
   * server's idle time-out could cross the request, and the outcome would be unknown.
   */
  freshConnection?: true;
  /** Set when the answer is a document, which may be long: limits of its own apply to it. */
  answersWithDocument?: true;
  /** The operation element, in wire order. */
  request: Complex<Request>;
  /** `return` in the answer, in wire order. */
  return: Complex<Return>;
  /** The client's method: checks the parameters, sends the request and reads the answer. */
  method(exchange: Exchange<Request, Return>, ...parameters: Parameters): Promise<Result>;
}

/** What a client's method works with. */
export interface Exchange<Request, Return> {
  /**
   * Sends a request and reads the answer.
   *
   * @param request everything but the context, which the client adds
   * @param read gets the content of `return` when the result code is 0
   */
  send<Result>(request: Omit<Request, "context">, read: (answer: Partial<Return>) => Result): Promise<Result>;
  /** Milliseconds since 1970, by the client's clock. */
  now(): number;
}

/** What all requests have in common. Every field of a request may be absent, as in the schema (PROTOCOL 2). */
export interface WithContext {
  context?: ClientContext;
}

/** Describes an operation. */
export function operation<Request, Return, Parameters extends unknown[], Result>(
  described: Operation<Request, Return, Parameters, Result>,
): Operation<Request, Return, Parameters, Result> {
  return described;
}
