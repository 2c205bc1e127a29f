import { ModuleProvider, Modules } from "@medusajs/framework/utils";
import { checkProvider } from "../../modules/seqr/public";
import SeqrPaymentProvider from "./service";

export default ModuleProvider(Modules.PAYMENT, { services: [SeqrPaymentProvider], loaders: [checkProvider] });
