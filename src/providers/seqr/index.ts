import { ModuleProvider, Modules } from "@medusajs/framework/utils";
import SeqrPaymentProvider from "./service";

export default ModuleProvider(Modules.PAYMENT, { services: [SeqrPaymentProvider] });
