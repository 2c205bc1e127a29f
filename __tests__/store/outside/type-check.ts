import type { MerchantFolder } from "./merchant-folder";

const PROGRAM = `import { withSeqr, type SeqrOptions, type SeqrSessionData } from "medusa-payment-seqr";
import { SeqrClient } from "medusa-payment-seqr/seqr";
import { startSandbox } from "medusa-payment-seqr/sandbox";

type Typed<T> = 0 extends 1 & T ? never : T;
const options: Typed<SeqrOptions> = { endpoint: "", terminalId: "", password: "", backendUrl: "", currencies: ["SEK"], shopName: "" };
export const { projectConfig } = withSeqr({ projectConfig: {} }, options);
export const show = (data: Typed<SeqrSessionData>): Typed<string> => data.qr_svg + data.deep_link;
export const sell: () => Promise<{ invoiceReference: string }> = () =>
  new SeqrClient({ endpoint: "" }).sendInvoice({ title: "", clientInvoiceId: "", cashierId: "", footer: "", totalAmount: { currency: "SEK", value: "1" } });
export const address = async (): Promise<Typed<string>> => (await startSandbox()).endpoint;
// @ts-expect-error a misspelt option
withSeqr({}, { ...options, terminal: "" });
`;

/** Compiles a program that uses the package, as a merchant's own would; gives what the compiler objects to. */
export async function typeCheck(
  folder: MerchantFolder,
  moduleResolution: "node16" | "bundler",
): Promise<string> {
  const file = `types-${moduleResolution}.ts`;
  await folder.write(file, PROGRAM);
  const module = moduleResolution === "bundler" ? "esnext" : "node16";
  const compiler = `npx tsc --noEmit --strict --target es2022 --skipLibCheck`;
  const { code, output } = await folder.tryTo(
    `${compiler} --module ${module} --moduleResolution ${moduleResolution} ${file}`,
  );
  return code === 0 ? "" : output;
}
