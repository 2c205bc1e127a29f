import {
  answerIn,
  faultIn,
  readBody,
  writeAnswer,
  writeFault,
  writeRequest,
} from "../../../src/seqr/wire/envelope";
import { operations } from "../../../src/seqr/operations";

const SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/";
const SOAP_12 = "http://www.w3.org/2003/05/soap-envelope";
const { cancelInvoice, getPaymentStatus } = operations;

describe("a request", () => {
  it("is a SOAP 1.1 envelope in which only the operation has a namespace", () => {
    const message = writeRequest("cancelInvoice", cancelInvoice.request, {
      invoiceReference: "1",
      context: { clientRequestTimeout: 0, initiatorPrincipalId: { id: "t" } },
    });
    const operation = readBody(message);
    expect(operation).toMatchObject({
      name: "cancelInvoice",
      namespace: "http://external.interfaces.ers.seamless.com/",
      children: [
        {
          name: "context",
          namespace: "",
          children: [
            { name: "clientRequestTimeout", namespace: "", text: "0" },
            {
              name: "initiatorPrincipalId",
              namespace: "",
              children: [{ name: "id", namespace: "", text: "t" }],
            },
          ],
        },
        { name: "invoiceReference", namespace: "", text: "1" },
      ],
    });
  });
});

describe("an answer", () => {
  const body = (xml: string) => {
    const element = readBody(xml);
    if (!element) throw new Error("no SOAP message");
    return element;
  };

  it("is read as it was written", () => {
    const value = { resultCode: 0, status: "ISSUED", version: 3, customerTokens: [{ id: "X", status: 0 }] };
    const answer = body(writeAnswer("getPaymentStatus", getPaymentStatus.return, value));
    expect(answer.name).toBe("getPaymentStatusResponse");
    expect(answerIn(answer, "getPaymentStatus", getPaymentStatus.return)).toEqual(value);
    expect(faultIn(answer)).toBeUndefined();
  });

  it("to another operation is not taken for one to this", () => {
    const answer = body(writeAnswer("cancelInvoice", cancelInvoice.return, { resultCode: 0 }));
    expect(answerIn(answer, "getPaymentStatus", getPaymentStatus.return)).toBeUndefined();
    const request = body(writeRequest("getPaymentStatus", getPaymentStatus.request, { invoiceVersion: 0 }));
    expect(answerIn(request, "getPaymentStatus", getPaymentStatus.return)).toBeUndefined();
  });

  it("is found behind a header, whatever the prefixes", () => {
    const xml =
      `<Envelope xmlns="${SOAP_11}"><Header><Body>no</Body></Header><Body>` +
      `<x:cancelInvoiceResponse xmlns:x="urn:x" xmlns=""><return><resultCode>95</resultCode></return>` +
      `</x:cancelInvoiceResponse></Body></Envelope>`;
    expect(answerIn(body(xml), "cancelInvoice", cancelInvoice.return)).toEqual({ resultCode: 95 });
  });

  it.each([
    ["a SOAP 1.2 message", `<s:Envelope xmlns:s="${SOAP_12}"><s:Body><a/></s:Body></s:Envelope>`],
    ["an envelope without namespace", `<Envelope><Body><a/></Body></Envelope>`],
    ["a body of another namespace", `<s:Envelope xmlns:s="${SOAP_11}"><Body><a/></Body></s:Envelope>`],
    ["an envelope of another namespace", `<Envelope><s:Body xmlns:s="${SOAP_11}"><a/></s:Body></Envelope>`],
    ["no body", `<s:Envelope xmlns:s="${SOAP_11}"><s:Header/></s:Envelope>`],
    ["an empty body", `<s:Envelope xmlns:s="${SOAP_11}"><s:Body> </s:Body></s:Envelope>`],
    ["a page", `<html xmlns="http://www.w3.org/1999/xhtml"><body><p>hello</p></body></html>`],
  ])("is not seen in %s", (_, xml) => {
    expect(readBody(xml)).toBeUndefined();
  });
});

describe("a fault", () => {
  it("is read as it was written", () => {
    const fault = readBody(writeFault({ code: "Client", message: `Unexpected <element> & "more"` }));
    expect(fault && faultIn(fault)).toEqual({ code: "Client", message: `Unexpected <element> & "more"` });
  });

  it.each([
    [
      "with any prefix",
      "<faultcode>x:Server</faultcode><faultstring> broken </faultstring>",
      "Server",
      "broken",
    ],
    [
      "without a prefix",
      "<faultcode>Server.Busy</faultcode><faultstring>x</faultstring>",
      "Server.Busy",
      "x",
    ],
    ["with nothing in it", "", "", ""],
  ])("%s is still a fault", (_, content, code, message) => {
    const element = readBody(
      `<s:Envelope xmlns:s="${SOAP_11}"><s:Body><s:Fault>${content}</s:Fault></s:Body></s:Envelope>`,
    );
    expect(element && faultIn(element)).toEqual({ code, message });
  });

  it("of another namespace is none", () => {
    const element = readBody(`<s:Envelope xmlns:s="${SOAP_11}"><s:Body><Fault/></s:Body></s:Envelope>`);
    expect(element && faultIn(element)).toBeUndefined();
  });
});
