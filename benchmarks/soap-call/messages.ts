// What is called, and what is answered, in the SOAP benchmark.

export const TERMINAL = { id: "public_test_shop_terminal", password: "12345678" };
export const CLIENT_ID = "medusa-payment-seqr";
export const CLIENT_REFERENCE = "0e3ff422d1e6441789d9b3bf99377dd6";
export const INVOICE_REFERENCE = "20261121767281705";
export const ERS_REFERENCE = "2026112105462441601000001";

const sek = (value: string): string => `<currency>SEK</currency><value>${value}</value>`;

const rows = (
  [
    ["Enamel mug, Blue", "MUG", "2", "129.00", "258.00"],
    ["Coffee, dark roast, 500 g", "COFFEE-500", "1", "89.00", "89.00"],
    ["Notebook, A5", "NOTE-A5", "1", "59.90", "59.90"],
    ["Parcel to pick-up point", "parcel", "1", "49.00", "49.00"],
  ] as const
).map(
  ([description, sku, quantity, price, total]) =>
    `<invoiceRow><itemDescription>${description}</itemDescription><itemQuantity>${quantity}</itemQuantity>` +
    `<itemSKU>${sku}</itemSKU><itemTaxRate>25</itemTaxRate><itemTotalAmount>${sek(total)}</itemTotalAmount>` +
    `<itemUnit>pcs</itemUnit><itemUnitPrice>${sek(price)}</itemUnitPrice></invoiceRow>`,
);

const receipt =
  `<receipt><terminalId>${TERMINAL.id}</terminalId><paymentDate>2026-11-21T05:46:24.416+01:00</paymentDate>` +
  `<clientInvoiceId>1</clientInvoiceId><invoiceReference>${INVOICE_REFERENCE}</invoiceReference>` +
  `<paymentReference>${ERS_REFERENCE}</paymentReference>` +
  `<payerTerminalId>31a680f6571816b7cf33eb7e2b98190a</payerTerminalId><receiverName>Nordic Goods</receiverName>` +
  `<invoice><paymentMode>IMMEDIATE_DEBIT</paymentMode><acknowledgmentMode>NO_ACKNOWLEDGMENT</acknowledgmentMode>` +
  `<issueDate>2026-11-21T04:46:24Z</issueDate><title>Nordic Goods</title><clientInvoiceId>1</clientInvoiceId>` +
  `<invoiceRows>${rows.join("")}</invoiceRows><totalAmount>${sek("455.90")}</totalAmount>` +
  `<cashierId>webshop</cashierId><footer>Thank you</footer></invoice></receipt>`;

const answer = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ` +
  `xmlns:ns2="http://external.interfaces.ers.seamless.com/"><soap:Body><ns2:getPaymentStatusResponse><return>` +
  `${content}</return></ns2:getPaymentStatusResponse></soap:Body></soap:Envelope>`;

const done = "<resultCode>0</resultCode><resultDescription>SUCCESS</resultDescription>";

/** Answers to getPaymentStatus, as the sandbox gives them. */
export const ANSWERS: Record<string, string> = {
  waiting: answer(`${done}<status>ISSUED</status><version>0</version>`),
  paid: answer(
    `<ersReference>${ERS_REFERENCE}</ersReference>${done}<status>PAID</status>${receipt}<version>1</version>`,
  ),
};
