import type { MerchantFolder } from "./merchant-folder";

const PROGRAM = `import { defineConfig } from "@medusajs/framework/utils";
import { withSeqr, type SeqrOptions, type SeqrSessionData } from "medusa-payment-seqr";
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
// @ts-expect-error a forgotten option
withSeqr({}, { endpoint: process.env.SEQR_ENDPOINT });
// A whole medusa-config.ts
export default withSeqr(defineConfig({ projectConfig: { http: { storeCors: "", adminCors: "", authCors: "" } } }), {
  endpoint: process.env.SEQR_ENDPOINT,
  terminalId: process.env.SEQR_TERMINAL_ID,
  password: process.env.SEQR_PASSWORD,
  backendUrl: process.env.SEQR_BACKEND_URL,
  currencies: process.env.SEQR_CURRENCIES?.split(","),
  shopName: process.env.SHOP_NAME,
  returnUrl: process.env.STOREFRONT_URL && \`\${process.env.STOREFRONT_URL}/checkout\`,
  lifetime: process.env.SEQR_LIFETIME ? Number(process.env.SEQR_LIFETIME) : undefined,
  sandboxHosts: ["sandbox"] as const,
  optional: process.env.NODE_ENV !== "production",
});
`;

const VIEW_PROGRAM = `import "medusa-payment-seqr-view";
import { SeqrPayment, useSeqrPayment, type Session } from "medusa-payment-seqr-view/react";

type Typed<T> = 0 extends 1 & T ? never : T;
export const Step = ({ data }: { data: Typed<Session> }) => {
  const { state, secondsLeft } = useSeqrPayment(data);
  const waits: Typed<typeof state> = state === "waiting" ? state : undefined;
  return <SeqrPayment session={data} language="sv" onPaid={({ orderId }: { orderId: Typed<string> | undefined }) => console.log(orderId, waits, secondsLeft)} />;
};
export const token = (): string | null => document.querySelector("seqr-payment")!.getAttribute("token");
export const view = (): void => void document.querySelector("seqr-payment")!.renew();
// @ts-expect-error a misspelt layout
export const small = <SeqrPayment layout="tiny" />;
`;

type Resolution = "node16" | "bundler";

/** Compiles a program that uses the package, as a merchant's own would; gives what the compiler objects to. */
export function typeCheck(folder: MerchantFolder, resolution: Resolution): Promise<string> {
  return compile(folder, `types-${resolution}.ts`, PROGRAM, resolution);
}

/** The same for a storefront with React. */
export function typeCheckView(folder: MerchantFolder, resolution: Resolution): Promise<string> {
  return compile(folder, `view-${resolution}.tsx`, VIEW_PROGRAM, resolution);
}

async function compile(
  folder: MerchantFolder,
  file: string,
  program: string,
  moduleResolution: Resolution,
): Promise<string> {
  await folder.write(file, program);
  const module = moduleResolution === "bundler" ? "esnext" : "node16";
  const compiler = `npx tsc --noEmit --strict --exactOptionalPropertyTypes --target es2022 --jsx react-jsx --skipLibCheck`;
  const { code, output } = await folder.tryTo(
    `${compiler} --module ${module} --moduleResolution ${moduleResolution} ${file}`,
  );
  return code === 0 ? "" : output;
}
