import { textReply, sendReply, XML } from "./reply";
import type { Site } from "./server";
import { CASH_REGISTER, CLIENT_SESSION, type SoapService } from "./services";
import { serveSoap, type SoapContext } from "./soap";
import { writeWsdl } from "./wsdl";

/** Paths of the services. */
export interface SoapPaths {
  /** The documented paths of the cash-register service (PROTOCOL 1.3). */
  service: readonly string[];
  /** No document has the path of the client session service. */
  session: readonly string[];
}

export const DEFAULT_PATHS: SoapPaths = {
  service: ["/soap/merchant/cashregister-2", "/extclientproxy/service/v2"],
  session: ["/soap/merchant/clientsession"],
};

/** Serves the SOAP services at their paths: POST for calls (with or without `?wsdl`), GET `?wsdl` for the description. */
export function soapSite(context: SoapContext, paths: SoapPaths): Site {
  const services = new Map<string, SoapService>([
    ...paths.service.map((path) => [path, CASH_REGISTER] as const),
    ...paths.session.map((path) => [path, CLIENT_SESSION] as const),
  ]);
  return async (request, response, url) => {
    const path = url.pathname.replace(/(?<=.)\/$/, "");
    const service = services.get(path);
    if (!service) return false;
    if (request.method === "POST") {
      await serveSoap(context, service, request, response);
    } else if (
      (request.method === "GET" || request.method === "HEAD") &&
      /^\?wsdl(=|&|$)/i.test(url.search)
    ) {
      const address = `http://${request.headers.host ?? "localhost"}${path}`;
      sendReply(response, {
        status: 200,
        type: XML,
        body: writeWsdl(service, address, context.core.settings.emulate),
      });
    } else {
      const hint = `this is a SOAP 1.1 service: POST a message, or GET ${path}?wsdl`;
      sendReply(response, textReply(405, hint, { Allow: "POST, GET" }));
    }
    return true;
  };
}
