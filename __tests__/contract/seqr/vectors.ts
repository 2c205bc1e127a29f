// Messages of our own, written as the service writes them: what each answer looks like on the wire, what stands in it,
// and what the client makes of it.
import type { SeqrClient } from "../../../src/seqr";
import type { OperationName } from "../../../src/seqr/operations";

export interface Vector {
  operation: OperationName;
  /** Which answer to the operation. */
  what: string;
  /** The content of `return`, with the blanks of a pretty printer. */
  return: string;
  /** All that is to be read from it. */
  value: object;
  /** The call of the client that leads to this answer. */
  call(client: SeqrClient): Promise<unknown>;
  /** What the call gives. */
  result: unknown;
}

const INVOICE = {
  title: "Kaffe & kaka",
  clientInvoiceId: "order 4711",
  totalAmount: { currency: "SEK", value: "85.50" },
  cashierId: "web",
  footer: "Välkommen åter",
};
const TOKEN = { description: "Bonus card", id: "BONUS", status: 1, value: "77001122" };
const PERIOD = "2026010221000012301000017";
const REPORT =
  '<?xml version="1.0"?>\n<TransactionDetails><Row><SalesAmount>85.50000</SalesAmount></Row></TransactionDetails>';

const done = `
      <resultCode>0</resultCode>
      <resultDescription>SUCCESS</resultDescription>`;
const success = { resultCode: 0, resultDescription: "SUCCESS" };

export const ANSWERS: Vector[] = [
  {
    operation: "sendInvoice",
    what: "the invoice's reference and code",
    return: `${done}
      <invoiceQRCode>HTTP://SEQR.SE/R20260102030405678</invoiceQRCode>
      <invoiceReference>20260102030405678</invoiceReference>`,
    value: {
      ...success,
      invoiceQRCode: "HTTP://SEQR.SE/R20260102030405678",
      invoiceReference: "20260102030405678",
    },
    call: (client) => client.sendInvoice(INVOICE),
    result: {
      invoiceQRCode: "HTTP://SEQR.SE/R20260102030405678",
      invoiceReference: "20260102030405678",
    },
  },
  {
    operation: "updateInvoice",
    what: "success",
    return: done,
    value: success,
    call: (client) => client.updateInvoice("20260102030405678", INVOICE, [TOKEN]),
    result: undefined,
  },
  {
    operation: "getPaymentStatus",
    what: "an invoice that waits for the shopper",
    return: `${done}
      <status>ISSUED</status>
      <version>0</version>`,
    value: { ...success, status: "ISSUED", version: 0 },
    call: (client) => client.getPaymentStatus("20260102030405678", 0),
    result: { status: "ISSUED", version: 0, customerTokens: [] },
  },
  {
    operation: "getPaymentStatus",
    what: "a loyalty card that wants an answer",
    return: `${done}
      <status>PENDING_ISSUER_ACKNOWLEDGE</status>
      <customerTokens>
        <token>
          <description>Bonus card</description>
          <id>BONUS</id>
          <status>0</status>
          <value>77001122</value>
        </token>
      </customerTokens>
      <version>1</version>`,
    value: {
      ...success,
      status: "PENDING_ISSUER_ACKNOWLEDGE",
      customerTokens: [{ ...TOKEN, status: 0 }],
      version: 1,
    },
    call: (client) => client.getPaymentStatus("20260102030405678", 0),
    result: { status: "PENDING_ISSUER_ACKNOWLEDGE", version: 1, customerTokens: [{ ...TOKEN, status: 0 }] },
  },
  {
    operation: "getPaymentStatus",
    what: "a payment with its receipt",
    return: `
      <ersReference>2026010203050012301000042</ersReference>${done}
      <status>PAID</status>
      <receipt>
        <terminalId>4f1e0c9a7b3d4e51a2c8d6b5e7f90123</terminalId>
        <paymentDate>2026-01-02T03:05:00.123+01:00</paymentDate>
        <clientInvoiceId>order 4711</clientInvoiceId>
        <invoiceReference>20260102030405678</invoiceReference>
        <paymentReference>2026010203050012301000042</paymentReference>
        <payerTerminalId>device-1</payerTerminalId>
        <receiverName>Kaffeboden</receiverName>
        <invoice>
          <paymentMode>IMMEDIATE_DEBIT</paymentMode>
          <acknowledgmentMode>NO_ACKNOWLEDGMENT</acknowledgmentMode>
          <issueDate>2026-01-02T03:04:05+01:00</issueDate>
          <title>Kaffe &amp; kaka</title>
          <clientInvoiceId>order 4711</clientInvoiceId>
          <invoiceRows>
            <invoiceRow>
              <itemDescription>Kaffe</itemDescription>
              <itemEAN>7310000000017</itemEAN>
              <itemQuantity>2</itemQuantity>
              <itemSKU>COFFEE</itemSKU>
              <itemTaxRate>12</itemTaxRate>
              <itemTotalAmount>
                <currency>SEK</currency>
                <value>70.00</value>
              </itemTotalAmount>
              <itemUnit>EA</itemUnit>
              <itemUnitPrice>
                <currency>SEK</currency>
                <value>35.00</value>
              </itemUnitPrice>
            </invoiceRow>
            <invoiceRow>
              <itemDescription>Kaka</itemDescription>
              <itemQuantity>1</itemQuantity>
              <itemTotalAmount>
                <currency>SEK</currency>
                <value>15.50</value>
              </itemTotalAmount>
              <itemUnit/>
            </invoiceRow>
          </invoiceRows>
          <totalAmount>
            <currency>SEK</currency>
            <value>85.50</value>
          </totalAmount>
          <cashierId>web</cashierId>
          <footer>Välkommen åter</footer>
          <backURL>https://shop.example/back</backURL>
          <notificationUrl>https://shop.example/hooks/seqr?token=a&amp;x=1</notificationUrl>
        </invoice>
      </receipt>
      <version>2</version>`,
    ...(() => {
      const paid = {
        ersReference: "2026010203050012301000042",
        status: "PAID",
        receipt: {
          terminalId: "4f1e0c9a7b3d4e51a2c8d6b5e7f90123",
          paymentDate: "2026-01-02T03:05:00.123+01:00",
          clientInvoiceId: "order 4711",
          invoiceReference: "20260102030405678",
          paymentReference: "2026010203050012301000042",
          payerTerminalId: "device-1",
          receiverName: "Kaffeboden",
          invoice: {
            ...INVOICE,
            paymentMode: "IMMEDIATE_DEBIT",
            acknowledgmentMode: "NO_ACKNOWLEDGMENT",
            issueDate: "2026-01-02T03:04:05+01:00",
            invoiceRows: [
              {
                itemDescription: "Kaffe",
                itemEAN: "7310000000017",
                itemQuantity: "2",
                itemSKU: "COFFEE",
                itemTaxRate: "12",
                itemTotalAmount: { currency: "SEK", value: "70.00" },
                itemUnit: "EA",
                itemUnitPrice: { currency: "SEK", value: "35.00" },
              },
              {
                itemDescription: "Kaka",
                itemQuantity: "1",
                itemTotalAmount: { currency: "SEK", value: "15.50" },
                itemUnit: "",
              },
            ],
            backURL: "https://shop.example/back",
            notificationUrl: "https://shop.example/hooks/seqr?token=a&x=1",
          },
        },
        version: 2,
      };
      return { value: { ...success, ...paid }, result: { ...paid, customerTokens: [] } };
    })(),
    call: (client) => client.getPaymentStatus("20260102030405678", 1),
  },
  {
    operation: "cancelInvoice",
    what: "success",
    return: done,
    value: success,
    call: (client) => client.cancelInvoice("20260102030405678"),
    result: undefined,
  },
  {
    operation: "commitReservation",
    what: "success",
    return: done,
    value: success,
    call: (client) => client.commitReservation("20260102030405678"),
    result: undefined,
  },
  {
    operation: "submitPaymentReceipt",
    what: "success",
    return: done,
    value: success,
    call: (client) =>
      client.submitPaymentReceipt("2026010203050012301000042", {
        mimeType: "text/html",
        receiptData: Buffer.from("<p>85,50 kr</p>"),
        receiptType: "PAYMENT_RECEIPT",
      }),
    result: undefined,
  },
  {
    operation: "refundPayment",
    what: "the reference of the refund",
    return: `
      <ersReference>2026010304050012301000043</ersReference>${done}`,
    value: { ...success, ersReference: "2026010304050012301000043" },
    call: (client) =>
      client.refundPayment("2026010203050012301000042", {
        title: "Retur",
        cashierId: "web",
        totalAmount: { currency: "SEK", value: "15.50" },
        clientInvoiceId: "order 4711",
        invoiceRows: [
          {
            itemDescription: "Kaka",
            itemQuantity: "1",
            itemTotalAmount: { currency: "SEK", value: "15.50" },
          },
        ],
      }),
    result: { ersReference: "2026010304050012301000043" },
  },
  {
    operation: "registerTerminal",
    what: "the terminal's id",
    return: `${done}
      <terminalId>4f1e0c9a7b3d4e51a2c8d6b5e7f90123</terminalId>`,
    value: { ...success, terminalId: "4f1e0c9a7b3d4e51a2c8d6b5e7f90123" },
    call: (client) =>
      client.registerTerminal({ externalTerminalId: "Kassa 3", password: "s3kret<&>", name: "Kaffeboden" }),
    result: "4f1e0c9a7b3d4e51a2c8d6b5e7f90123",
  },
  {
    operation: "unregisterTerminal",
    what: "success",
    return: done,
    value: success,
    call: (client) => client.unregisterTerminal(),
    result: undefined,
  },
  {
    operation: "assignSeqrId",
    what: "success",
    return: done,
    value: success,
    call: (client) => client.assignSeqrId("KAFFEBODEN3"),
    result: undefined,
  },
  {
    operation: "markTransactionPeriod",
    what: "the period that was closed",
    return: `${done}
      <transactionPeriodId>${PERIOD}</transactionPeriodId>`,
    value: { ...success, transactionPeriodId: PERIOD },
    call: (client) => client.markTransactionPeriod("4f1e0c9a7b3d4e51a2c8d6b5e7f90123"),
    result: PERIOD,
  },
  {
    operation: "executeReport",
    what: "a report in both forms",
    return: `${done}
      <report>
        <title/>
        <mimeType>text/html</mimeType>
        <content>${Buffer.from(`\n${REPORT}`).toString("base64")}</content>
        <contentString><![CDATA[${REPORT}]]></contentString>
      </report>`,
    ...(() => {
      const content = Buffer.from(`\n${REPORT}`);
      const report = { title: "", mimeType: "text/html", content, contentString: REPORT };
      return { value: { ...success, report }, result: report };
    })(),
    call: (client) =>
      client.executeReport("Reconciliation/STD_RECON_003.xml", { transactionPeriodId: PERIOD }, "sv"),
  },
  {
    operation: "getClientSessionInfo",
    what: "the shopper and the parameters of the code",
    return: `${done}
      <parameters>
        <entry>
          <key>table</key>
          <value>12</value>
        </entry>
        <entry>
          <key>msisdn</key>
          <value>46700000000</value>
        </entry>
      </parameters>`,
    value: {
      ...success,
      parameters: [
        { key: "table", value: "12" },
        { key: "msisdn", value: "46700000000" },
      ],
    },
    call: (client) => client.getClientSessionInfo("0000004711-00000001"),
    result: { table: "12", msisdn: "46700000000" },
  },
];

/** A message of the service around the content of `return`. */
export function message(operation: string, content: string): string {
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
  <soap:Body>
    <ns2:${operation}Response xmlns:ns2="http://external.interfaces.ers.seamless.com/">
      <return>${content}
      </return>
    </ns2:${operation}Response>
  </soap:Body>
</soap:Envelope>`;
}
