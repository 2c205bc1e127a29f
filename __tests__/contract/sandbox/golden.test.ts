import { faultIn, readBody } from "../../../src/seqr/wire/envelope";
import { childOf, parseXml, type XmlElement } from "../../../src/seqr/wire/xml";
import {
  PUBLIC_TEST_RESELLER,
  PUBLIC_TEST_TERMINAL,
  startSandbox,
  type RunningSandbox,
  type TurnableClock,
} from "../../../src/sandbox";
import { describePublished, golden } from "../published";

/** The published message with the credentials that every sandbox has. */
function withPublicCredentials(text: string): string {
  const isReseller = text.includes("RESELLERUSER");
  const { id, password } = isReseller ? PUBLIC_TEST_RESELLER : PUBLIC_TEST_TERMINAL;
  const [context = ""] = /<context>[\s\S]*<\/context>/.exec(text) ?? [];
  return text.replace(
    context,
    context.replace(/<id>[^<]*/, `<id>${id}`).replace(/<password>[^<]*/, `<password>${password}`),
  );
}

function returnOf(text: string): XmlElement {
  const element = readBody(text);
  const found = element && childOf(element, "return");
  if (!found) throw new Error("no answer");
  return found;
}

const names = ({ children }: XmlElement): string[] => children.map(({ name }) => name);
const textOf = (element: XmlElement, name: string): string => childOf(element, name)?.text ?? "";

describePublished("the published messages, sent to the sandbox", () => {
  const named = (kind: "request" | "response") =>
    new Map(golden(kind).map(({ name, xml }) => [name.replace(`.${kind}.xml`, ""), xml]));
  const requests = named("request");
  const responses = named("response");
  let sandbox: RunningSandbox<TurnableClock>;
  beforeEach(async () => {
    sandbox = await startSandbox({ clock: "turnable" });
  });
  afterEach(() => sandbox.stop());

  async function post(name: string, text: string): Promise<string> {
    const url = name.startsWith("getClientSessionInfo") ? sandbox.sessionEndpoint : sandbox.endpoint;
    const response = await fetch(url, { method: "POST", body: text, headers: { SOAPAction: `""` } });
    expect(response.status).toBe(200);
    return response.text();
  }

  /** Sends a published request, changed as given. */
  const send = (name: string, change: (text: string) => string = (text) => text): Promise<string> =>
    post(name, change(withPublicCredentials(requests.get(name) ?? "")));

  it.each([...requests])("%s is read", async (name, text) => {
    const answer = await post(name, text);
    const element = readBody(answer);
    expect(element && faultIn(element)).toBeUndefined();
    expect(["29", "37"]).toContain(textOf(returnOf(answer), "resultCode"));
  });

  it.each(
    Object.entries({
      assignSeqrId: "0",
      cancelInvoice: "54",
      commitReservation: "54",
      executeReport: "91",
      "executeReport.STD_RECON_003": "2",
      "executeReport.STD_RECON_006": "2",
      "executeReport.Shop": "2",
      getClientSessionInfo: "63",
      getPaymentStatus: "54",
      "markTransactionPeriod.shop": "0",
      refundPayment: "23",
      registerTerminal: "0",
      "sendInvoice.minimal": "0",
      sendInvoice: "0",
      submitPaymentReceipt: "23",
    }),
  )("%s gets %s with credentials that are known", async (name, code) => {
    expect(textOf(returnOf(await send(name)), "resultCode")).toBe(code);
  });

  it("covers every published request", () => {
    expect(requests.size).toBe(15);
  });

  it("are answered in the form of the published answers", async () => {
    for (const name of [
      "assignSeqrId",
      "sendInvoice",
      "sendInvoice.minimal",
      "registerTerminal",
      "markTransactionPeriod.shop",
    ]) {
      expect([name, names(returnOf(await send(name)))]).toEqual([
        name,
        names(returnOf(responses.get(name) ?? "")),
      ]);
    }
    const sent = returnOf(await send("sendInvoice"));
    const reference = textOf(sent, "invoiceReference");
    expect(textOf(sent, "invoiceQRCode")).toBe(`HTTP://SEQR.SE/R${reference}`);
    const ask = (): Promise<string> => send("getPaymentStatus", (text) => text.replace("123123", reference));
    expect(names(returnOf(await ask()))).toEqual(names(returnOf(responses.get("getPaymentStatus") ?? "")));
    const cancel = send("cancelInvoice", (text) => text.replace("123123", reference));
    expect(names(returnOf(await cancel))).toEqual(names(returnOf(responses.get("cancelInvoice") ?? "")));
    const paid = textOf(returnOf(await send("sendInvoice")), "invoiceReference");
    await sandbox.phone.pay(paid);
    const receipt = returnOf(await send("getPaymentStatus", (text) => text.replace("123123", paid)));
    const ersReference = textOf(receipt, "ersReference");
    const withReference = (text: string): string => text.replace("2012050100000000000000001", ersReference);
    const refund = returnOf(await send("refundPayment", withReference));
    expect(names(refund)).toEqual(names(returnOf(responses.get("refundPayment") ?? "")));
    expect(textOf(refund, "ersReference")).not.toBe(ersReference);
    expect(textOf(returnOf(await send("submitPaymentReceipt", withReference)), "resultCode")).toBe("0");
    const { key } = await sandbox.phone.openSession();
    const session = await send("getClientSessionInfo", (text) => text.replace("0000002012-63506374", key));
    expect(names(returnOf(session))).toEqual(names(returnOf(responses.get("getClientSessionInfo") ?? "")));
  });

  it.each(["executeReport.Shop", "executeReport.STD_RECON_003", "executeReport.STD_RECON_006"])(
    "%s is answered with a report of the published form",
    async (name) => {
      const { phone, core } = sandbox;
      const reference = textOf(returnOf(await send("sendInvoice")), "invoiceReference");
      await phone.pay(reference);
      await send("getPaymentStatus", (text) => text.replace("123123", reference));
      const ofTerminal = name.endsWith("006");
      const scope = `<parameters><parameter><entry><key>TERMINALID</key><value>${PUBLIC_TEST_TERMINAL.id}</value></entry></parameter></parameters>`;
      const mark = await send("markTransactionPeriod.shop", (text) =>
        ofTerminal ? text.replace("</context>", `</context>${scope}`) : text,
      );
      const period = textOf(returnOf(mark), "transactionPeriodId");
      expect(core.periods()).toHaveLength(1);
      sandbox.clock.advance(3_000);
      const answer = await send(name, (text) =>
        text
          .replace(/(<key>transactionPeriodId<\/key>\s*<value>)[^<]*/, `$1${period}`)
          .replace(/(<key>TERMINALID<\/key>\s*<value>)[^<]*/, `$1${PUBLIC_TEST_TERMINAL.id}`),
      );
      const reportIn = (text: string): XmlElement => childOf(returnOf(text), "report") ?? parseXml("<none/>");
      const [own, published] = [reportIn(answer), reportIn(responses.get(name) ?? "")];
      expect(names(own)).toEqual(names(published));
      expect(textOf(own, "mimeType")).toBe(textOf(published, "mimeType"));
      const shapeOf = (report: XmlElement): unknown => {
        const root = parseXml(textOf(report, "contentString"));
        const [meta, row] = root.children;
        return { root: root.name, meta: meta && names(meta), row: row && [row.name, ...names(row)] };
      };
      expect(shapeOf(own)).toEqual(shapeOf(published));
      const start = textOf(published, "content").slice(0, 4);
      expect(textOf(own, "content").slice(0, start.length)).toBe(start);
    },
  );
});
