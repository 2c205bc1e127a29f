import type { InterfaceVersion } from "../core/settings";
import type { SoapService } from "./services";

export function writeWsdl(_service: SoapService, _address: string, _version: InterfaceVersion): string {
  return "";
}
