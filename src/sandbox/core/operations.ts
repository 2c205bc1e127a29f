import type { ClientContext } from "../../seqr";
import type { OperationName, RequestOf, ReturnOf } from "../../seqr/operations";
import { refuseContext } from "./invoice-content";
import { cancelInvoice, commitReservation, getPaymentStatus, sendInvoice, updateInvoice } from "./invoices";
import { markTransactionPeriod } from "./periods";
import { accessDenied, callingReseller, callingTerminal } from "./principals";
import { Refusal, type Outcome } from "./refusal";
import { executeReport } from "./reports";
import { getClientSessionInfo } from "./sessions";
import type { Reseller, Terminal } from "./state";
import { assignSeqrId, registerTerminal, unregisterTerminal } from "./terminals";
import { refundPayment, submitPaymentReceipt } from "./transactions";
import type { World } from "./world";

type Handler<Request, Return> = (world: World, request: Request) => Outcome<Return>;
type Handlers = { [N in OperationName]: Handler<RequestOf<N>, Partial<ReturnOf<N>>> };
interface Called {
  context?: ClientContext;
}

/** Implementation of each operation, and who may call it (PROTOCOL 2). */
const HANDLERS: Handlers = {
  sendInvoice: forTerminal(sendInvoice, accessDenied),
  updateInvoice: forTerminal(updateInvoice),
  getPaymentStatus: forTerminal(getPaymentStatus, accessDenied),
  cancelInvoice: forTerminal(cancelInvoice),
  commitReservation: forTerminal(commitReservation),
  submitPaymentReceipt: forTerminal(submitPaymentReceipt),
  refundPayment: forTerminal(refundPayment),
  registerTerminal: forReseller(registerTerminal),
  unregisterTerminal: forTerminal(unregisterTerminal, accessDenied),
  assignSeqrId: forTerminal(assignSeqrId),
  markTransactionPeriod: forReseller(markTransactionPeriod),
  executeReport: forReseller(executeReport),
  getClientSessionInfo: forTerminal(getClientSessionInfo),
};

export function handle<N extends OperationName>(
  world: World,
  name: N,
  request: RequestOf<N>,
): Outcome<Partial<ReturnOf<N>>> {
  return HANDLERS[name](world, request);
}

function forTerminal<Request extends Called, Return>(
  act: (world: World, terminal: Terminal, request: Request) => Outcome<Return>,
  deny?: (terminal: Terminal) => Refusal | undefined,
): Handler<Request, Return> {
  return (world, request) => {
    const caller = callingTerminal(world.state, request.context);
    if (caller instanceof Refusal) return caller;
    return deny?.(caller) ?? contextRefusal(world, request) ?? act(world, caller, request);
  };
}

function forReseller<Request extends Called, Return>(
  act: (world: World, reseller: Reseller, request: Request) => Outcome<Return>,
): Handler<Request, Return> {
  return (world, request) => {
    const caller = callingReseller(world.state, request.context);
    if (caller instanceof Refusal) return caller;
    return contextRefusal(world, request) ?? act(world, caller, request);
  };
}

function contextRefusal({ settings }: World, { context }: Called): Refusal | undefined {
  return settings.strict ? refuseContext(context) : undefined;
}
