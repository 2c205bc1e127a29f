import type { Amount, Answer, ClientContext, PrincipalId } from "../../seqr";
import {
  amount,
  commonAnswer as base,
  clientContext,
  principalId,
} from "../../seqr/operations/message-parts";
import { complex, extended, repeated, requiredInteger, text, wrapped } from "../../seqr/wire/schema";

/**
 * Operations of the published interface that are not for merchants (PROTOCOL 2.15). They are in the service description,
 * because toolkits expect them, and have no effect.
 */

interface AccountSpecifier {
  accountId?: string;
  accountTypeId?: string;
}
interface Account {
  accountDescription?: string;
  accountSpecifier?: AccountSpecifier;
  balance?: Amount;
  creditLimit?: Amount;
}
interface Principal {
  principalId?: PrincipalId;
  principalName?: string;
  accounts?: Account[];
  status?: string;
  msisdn?: string;
}
interface ProductSpecifier {
  productId?: string;
  productIdType?: string;
}
interface PurchaseOrderRow {
  productSpecifier?: ProductSpecifier;
  purchaseCount?: number;
}

/** Payer and payee, with their accounts. */
interface FromSender {
  context?: ClientContext;
  senderPrincipalId?: PrincipalId;
  senderAccountSpecifier?: AccountSpecifier;
}
interface TopupRequest extends FromSender {
  topupPrincipalId?: PrincipalId;
  topupAccountSpecifier?: AccountSpecifier;
  productId?: string;
  amount?: Amount;
}
interface TopupReturn extends Answer {
  requestedTopupAmount?: Amount;
  senderPrincipal?: Principal;
  topupAccountSpecifier?: AccountSpecifier;
  topupAmount?: Amount;
  topupPrincipal?: Principal;
}
interface ToReceiver extends FromSender {
  receiverPrincipalId?: PrincipalId;
  receiverAccountSpecifier?: AccountSpecifier;
}
interface TransferRequest extends ToReceiver {
  productId?: string;
  amount?: Amount;
}
interface TransferReturn extends Answer {
  receivedAmount?: Amount;
  receiverPrincipal?: Principal;
  requestedTransferAmount?: Amount;
  senderPrincipal?: Principal;
}
interface PurchaseRequest extends ToReceiver {
  purchaseOrder?: PurchaseOrderRow[];
}
interface PurchaseReturn extends Answer {
  paymentPrincipal?: Principal;
  purchaseReference?: string;
  purchasedProducts?: ProductSpecifier[];
  receiverPrincipal?: Principal;
}
interface PrincipalReturn extends Answer {
  requestedPrincipal?: Principal;
}
interface PrincipalRequest {
  context?: ClientContext;
  principalId?: PrincipalId;
}

const accountSpecifier = complex<AccountSpecifier>("principalAccountSpecifier", {
  accountId: text,
  accountTypeId: text,
});
const account = complex<Account>("principalAccount", {
  accountDescription: text,
  accountSpecifier,
  balance: amount,
  creditLimit: amount,
});
const principal = complex<Principal>("principal", {
  principalId,
  principalName: text,
  accounts: wrapped("account", account),
  status: text,
  msisdn: text,
});
const productSpecifier = complex<ProductSpecifier>("principalPurchaseProductSpecifier", {
  productId: text,
  productIdType: text,
});
const purchaseOrderRow = complex<PurchaseOrderRow>("purchaseOrderRow", {
  productSpecifier,
  purchaseCount: requiredInteger,
});

/** The only field of the interface that may be nil. */
export const NILLABLE_FIELD = "purchasedProducts";

export const NOP = "benchmarkingNop";

export const otherOperations = {
  requestTopup: {
    request: complex<TopupRequest>("requestTopup", {
      context: clientContext,
      senderPrincipalId: principalId,
      topupPrincipalId: principalId,
      senderAccountSpecifier: accountSpecifier,
      topupAccountSpecifier: accountSpecifier,
      productId: text,
      amount,
    }),
    return: extended<Answer, TopupReturn>(base, "erswsTopupResponse", {
      requestedTopupAmount: amount,
      senderPrincipal: principal,
      topupAccountSpecifier: accountSpecifier,
      topupAmount: amount,
      topupPrincipal: principal,
    }),
  },
  requestTransfer: {
    request: complex<TransferRequest>("requestTransfer", {
      context: clientContext,
      senderPrincipalId: principalId,
      receiverPrincipalId: principalId,
      senderAccountSpecifier: accountSpecifier,
      receiverAccountSpecifier: accountSpecifier,
      productId: text,
      amount,
    }),
    return: extended<Answer, TransferReturn>(base, "erswsTransferResponse", {
      receivedAmount: amount,
      receiverPrincipal: principal,
      requestedTransferAmount: amount,
      senderPrincipal: principal,
    }),
  },
  requestPurchase: {
    request: complex<PurchaseRequest>("requestPurchase", {
      context: clientContext,
      senderPrincipalId: principalId,
      receiverPrincipalId: principalId,
      senderAccountSpecifier: accountSpecifier,
      receiverAccountSpecifier: accountSpecifier,
      purchaseOrder: repeated(purchaseOrderRow),
    }),
    return: extended<Answer, PurchaseReturn>(base, "erswsPurchaseResponse", {
      paymentPrincipal: principal,
      purchaseReference: text,
      [NILLABLE_FIELD]: repeated(productSpecifier),
      receiverPrincipal: principal,
    }),
  },
  requestPrincipalInformation: {
    request: complex<PrincipalRequest>("requestPrincipalInformation", {
      context: clientContext,
      principalId,
    }),
    return: extended<Answer, PrincipalReturn>(base, "erswsPrincipalInformationResponse", {
      requestedPrincipal: principal,
    }),
  },
  changePrincipalPassword: {
    request: complex<PrincipalRequest & { newPassword?: string }>("changePrincipalPassword", {
      context: clientContext,
      principalId,
      newPassword: text,
    }),
    return: base,
  },
  confirmCustomerRegistration: {
    request: complex<
      PrincipalRequest & { secondaryPrincipalId?: PrincipalId; registrationReference?: string }
    >("confirmCustomerRegistration", {
      context: clientContext,
      principalId,
      secondaryPrincipalId: principalId,
      registrationReference: text,
    }),
    return: base,
  },
  [NOP]: { request: complex<object>(NOP, {}), return: base },
};
