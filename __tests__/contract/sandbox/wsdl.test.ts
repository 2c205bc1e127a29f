import { writeRequest } from "../../../src/seqr/wire/envelope";
import { operations, type OperationName } from "../../../src/seqr/operations";
import { fieldsOf, type Complex } from "../../../src/seqr/wire/schema";
import {
  PUBLIC_TEST_RESELLER,
  PUBLIC_TEST_TERMINAL,
  startSandbox,
  type RunningSandbox,
} from "../../../src/sandbox";
import { CASH_REGISTER, CLIENT_SESSION, type Field } from "../../../src/sandbox/http/services";
import { writeWsdl } from "../../../src/sandbox/http/wsdl";
import { describePublished, golden, publishedWsdl, schemaOf, validate } from "../published";
import { structureOf, type ElementStructure } from "./schema-structure";

const ADDRESS = "http://localhost/soap";
const wsdl = writeWsdl(CASH_REGISTER, ADDRESS, "2.10");
const sessionWsdl = writeWsdl(CLIENT_SESSION, ADDRESS, "2.10");

/** A value for every field, so that a message has everything that it can have. */
function fill(shape: Complex<unknown>): Record<string, unknown> {
  return Object.fromEntries(fieldsOf(shape).map(([name, field]) => [name, valueOf(field)]));
}

function valueOf(field: Field): unknown {
  switch (field.kind) {
    case "scalar":
      return field.enumeration?.values.at(-1) ?? SCALARS[field.xsd];
    case "complex":
      return fill(field);
    case "repeated":
    case "wrapped":
      return [valueOf(field.item as Field), valueOf(field.item as Field)];
  }
}

const SCALARS: Record<string, unknown> = {
  "xs:string": `<&> "text"`,
  "xs:decimal": "-12.50",
  "xs:dateTime": "2026-01-15T12:00:00+01:00",
  "xs:int": 1,
  "xs:long": 0,
  "xs:base64Binary": Buffer.from("text"),
};

describe("the service description", () => {
  it("describes what the client sends, filled in and empty", async () => {
    const names = (Object.keys(operations) as OperationName[]).filter(
      (name) => name !== "getClientSessionInfo",
    );
    const messages = Object.fromEntries(
      names.map((name) => {
        const shape = operations[name].request as unknown as Complex<unknown>;
        return [name, writeRequest(name, shape, fill(shape))];
      }),
    );
    expect(await validate(schemaOf(wsdl), messages)).toEqual({});
    const { request } = operations.getClientSessionInfo;
    const session = {
      getClientSessionInfo: writeRequest("getClientSessionInfo", request, fill(request as Complex<unknown>)),
    };
    expect(await validate(schemaOf(sessionWsdl), session)).toEqual({});
  });

  it("refuses what it does not describe", async () => {
    const message = writeRequest("cancelInvoice", operations.cancelInvoice.request, {
      invoiceReference: "1",
    });
    const messages = {
      unknown: message.replace("<invoiceReference>", "<novelty/><invoiceReference>"),
      qualified: message.replaceAll("invoiceReference>", "ext:invoiceReference>"),
      operation: message.replaceAll("cancelInvoice", "payInvoice"),
    };
    const refused = await validate(schemaOf(wsdl), messages);
    expect(Object.keys(refused)).toEqual(Object.keys(messages));
  });

  it("has the names and operations of PROTOCOL 1.4 and 2", () => {
    const { service, port, portType, operations: described } = structureOf(wsdl);
    expect([service, port, portType]).toEqual([
      "ERSWSExternalClientServiceService",
      "ERSWSExternalClientServicePort",
      "ERSWSExternalClientService",
    ]);
    expect(Object.keys(described)).toHaveLength(19);
    expect(Object.keys(structureOf(sessionWsdl).operations)).toEqual(["getClientSessionInfo"]);
  });

  it("names every type that published client code names, and derives the answers from one (PROTOCOL 2, 3)", () => {
    const { types } = structureOf(wsdl);
    const answers = Object.keys(types).filter((name) => types[name] === "tns:erswsResponse");
    expect(answers.sort()).toEqual(
      [
        "SendInvoice",
        "PaymentStatus",
        "RegisterTerminal",
        "MarkTransactionPeriod",
        "ExecuteReport",
        "PrincipalInformation",
        "Purchase",
        "Topup",
        "Transfer",
      ]
        .map((name) => `ersws${name}Response`)
        .sort(),
    );
    const named = ["erswsResponse", "parameterMap", "mapArray", "parameter", "invoice", "paymentInvoiceRow"];
    expect(Object.keys(types)).toEqual(expect.arrayContaining([...named, "customerToken", "clientContext"]));
    expect(structureOf(sessionWsdl).types.erswsClientSessionInfoResponse).toBe("tns:erswsResponse");
  });
});

describe("the services' ?wsdl", () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());

  it("is one document with the address under which it was asked for", async () => {
    for (const [url, name] of [
      [sandbox.endpoint, "ERSWSExternalClientServiceService"],
      [sandbox.sessionEndpoint, "ERSWSClientSessionInfoServiceService"],
      [`${sandbox.url}/extclientproxy/service/v2`, "ERSWSExternalClientServiceService"],
    ] as const) {
      const text = await (await fetch(`${url.replace("127.0.0.1", "localhost")}?WSDL`)).text();
      expect(structureOf(text).service).toBe(name);
      expect(text).toContain(`<soap:address location="${url.replace("127.0.0.1", "localhost")}"/>`);
      expect(text).not.toContain("import");
    }
  });

  it("describes what the sandbox answers", async () => {
    const answers: Record<string, string> = {};
    const call = async (name: OperationName, request: object): Promise<string> => {
      const { principal } = operations[name];
      const credentials = principal === "TERMINALID" ? PUBLIC_TEST_TERMINAL : PUBLIC_TEST_RESELLER;
      const userId = principal === "TERMINALID" ? {} : { userId: PUBLIC_TEST_RESELLER.userId };
      const context = {
        clientRequestTimeout: 0,
        initiatorPrincipalId: { id: credentials.id, type: principal, ...userId },
        password: credentials.password,
      };
      const shape = operations[name].request as unknown as Complex<unknown>;
      const url = name === "getClientSessionInfo" ? sandbox.sessionEndpoint : sandbox.endpoint;
      const response = await fetch(url, {
        method: "POST",
        body: writeRequest(name, shape, { context, ...request }),
      });
      const text = await response.text();
      answers[`${name} ${Object.keys(answers).length}`] = text;
      return text;
    };
    const valueIn = (text: string, name: string): string =>
      new RegExp(`<${name}>([^<]*)`).exec(text)?.[1] ?? "";
    const invoice = { title: "Order", totalAmount: { currency: "SEK", value: "12.50" } };
    await sandbox.phone.setTokens([{ id: "X_CARD", value: "4711", description: "Card" }]);
    const invoiceReference = valueIn(await call("sendInvoice", { invoice }), "invoiceReference");
    await sandbox.phone.scan(invoiceReference);
    await call("getPaymentStatus", { invoiceReference, invoiceVersion: 0 });
    await call("updateInvoice", { invoiceReference, invoice });
    await sandbox.phone.pay(invoiceReference);
    const paid = await call("getPaymentStatus", { invoiceReference, invoiceVersion: 2 });
    const ersReference = valueIn(paid, "ersReference");
    await call("refundPayment", { ersReference, invoice });
    await call("submitPaymentReceipt", { ersReference });
    await call("cancelInvoice", { invoiceReference });
    await call("commitReservation", { invoiceReference });
    await call("registerTerminal", { password: "secret" });
    await call("assignSeqrId", { seqrId: "x" });
    const period = valueIn(await call("markTransactionPeriod", {}), "transactionPeriodId");
    const parameters = { parameter: [{ key: "transactionPeriodId", value: period }] };
    await call("executeReport", { reportId: "Reconciliation/Shop.xml", parameters });
    await call("getPaymentStatus", {});
    expect(paid).toContain("<customerTokens><token>");
    expect(await validate(schemaOf(wsdl), answers)).toEqual({});
    const { key } = await sandbox.phone.openSession({ table: "7" });
    const session = await call("getClientSessionInfo", { key });
    expect(session).toContain("<parameters><entry><key>table</key><value>7</value></entry>");
    expect(await validate(schemaOf(sessionWsdl), { session })).toEqual({});
  });
});

describePublished("the published service description", () => {
  it("is the one of the sandbox that emulates it", () => {
    expect(structureOf(writeWsdl(CASH_REGISTER, ADDRESS, "2.4"))).toEqual(structureOf(publishedWsdl()));
  });

  it("differs from the newest one by the listed additions and nothing else (PROTOCOL 1.5)", () => {
    const own = structureOf(wsdl);
    const contentOf = (
      element: ElementStructure | undefined,
      ...path: string[]
    ): ElementStructure["content"] => {
      const [name, ...rest] = path;
      if (!element) throw new Error("no such element");
      const children = element.content as ElementStructure[];
      return name === undefined
        ? children
        : contentOf(
            children.find((child) => child.name === name),
            ...rest,
          );
    };
    const remove = (list: ElementStructure["content"], isAdded: (item: unknown) => boolean): void => {
      const index = list instanceof Array ? list.findIndex(isAdded) : -1;
      if (index < 0 || !(list instanceof Array)) throw new Error("the addition is missing");
      list.splice(index, 1);
    };
    const named = (name: string) => (item: unknown) => (item as ElementStructure).name === name;
    const value = (text: string) => (item: unknown) => item === text;
    remove(contentOf(own.operations.commitReservation?.input), named("amount"));
    const invoices = [
      contentOf(own.operations.sendInvoice?.input, "invoice"),
      contentOf(own.operations.updateInvoice?.input, "invoice"),
      contentOf(own.operations.refundPayment?.input, "invoice"),
      contentOf(own.operations.getPaymentStatus?.output, "return", "receipt", "invoice"),
    ];
    for (const invoice of invoices as ElementStructure[][]) {
      remove(invoice, named("commitReservationTimeout"));
      const mode = invoice.find(named("paymentMode"));
      remove(contentOf(mode), value("RESERVATION_REQUIRED_PRELIMINARY_AMOUNT"));
    }
    remove(contentOf(own.operations.getPaymentStatus?.output, "return", "status"), value("EXPIRED"));
    expect(own).toEqual(structureOf(publishedWsdl()));
  });

  it("accepts no published message that the sandbox's does not", async () => {
    const messages = Object.fromEntries(
      (["request", "response"] as const)
        .flatMap(golden)
        .filter(({ operation }) => operation !== "getClientSessionInfo")
        .map(({ name, xml }) => [name, xml]),
    );
    const acceptedBy = async (description: string): Promise<string[]> => {
      const refused = await validate(schemaOf(description), messages);
      return Object.keys(messages).filter((name) => !(name in refused));
    };
    const published = await acceptedBy(publishedWsdl());
    expect(published.length).toBeGreaterThan(15);
    expect((await acceptedBy(wsdl)).sort()).toEqual([...published, "commitReservation.request.xml"].sort());
  });
});
