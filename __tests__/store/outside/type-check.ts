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
export const Bare = ({ data }: { data: Typed<Session> }) => (
  <seqr-payment session={data} layout="small" class="till" id="till" sound="" onseqr-renewed={({ detail }) => console.log(detail.session.token)} />
);
// @ts-expect-error a misspelt layout
export const small = <SeqrPayment layout="tiny" />;
// @ts-expect-error the same of the bare tag
export const bare = <seqr-payment layout="tiny" />;
`;

const ELEMENT_PROGRAM = `import "medusa-payment-seqr-view";
import type { SeqrPaymentElement, Session } from "medusa-payment-seqr-view";

type Typed<T> = 0 extends 1 & T ? never : T;
const view: Typed<SeqrPaymentElement> = document.querySelector("seqr-payment") ?? document.createElement("seqr-payment");
view.addEventListener("seqr-paid", ({ detail }) => { const id: Typed<string> | undefined = detail.orderId; view.title = id ?? ""; });
view.addEventListener("seqr-renewed", (event) => { const session: Typed<Session> = event.detail.session; view.session = session; });
view.addEventListener("click", (event) => console.log(event.clientX), { once: true });
view.addEventListener("of-the-storefront", (event: Event) => console.log(event.type));
void view.renew();
// @ts-expect-error a misspelt property
view.sesion = {};
// @ts-expect-error of another event
view.addEventListener("seqr-paid", ({ detail }) => detail.session);
`;

type Resolution = "node16" | "bundler" | "node10";

/** Compiles a program that uses the package, as a merchant's own would; gives what the compiler objects to. */
export function typeCheck(folder: MerchantFolder, resolution: Resolution): Promise<string> {
  return compile(folder, `types-${resolution}.ts`, PROGRAM, resolution);
}

/**
 * The same for a storefront: one with React and one without.
 *
 * @param reactTypes package with the types of React. Default: `@types/react`
 */
export async function typeCheckView(
  folder: MerchantFolder,
  resolution: Resolution,
  reactTypes?: string,
): Promise<string> {
  const name = `${resolution}${reactTypes ? "-other" : ""}`;
  const paths = reactTypes
    ? { react: [`./node_modules/${reactTypes}`], "react/*": [`./node_modules/${reactTypes}/*`] }
    : undefined;
  return [
    await compile(folder, `element-${name}.ts`, ELEMENT_PROGRAM, resolution, paths),
    await compile(folder, `view-${name}.tsx`, VIEW_PROGRAM, resolution, paths),
  ].join("");
}

async function compile(
  folder: MerchantFolder,
  file: string,
  program: string,
  moduleResolution: Resolution,
  paths?: Record<string, string[]>,
): Promise<string> {
  await folder.write(file, program);
  const compilerOptions = {
    ...{
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      target: "es2022",
      jsx: "react-jsx",
      skipLibCheck: true,
    },
    ...{ module: moduleResolution === "node16" ? "node16" : "esnext", moduleResolution },
    // Nothing but what the program imports.
    ...(paths && { paths, types: [] }),
  };
  const project = `${file}.json`;
  await folder.write(project, JSON.stringify({ compilerOptions, files: [file] }));
  const { code, output } = await folder.tryTo(`npx tsc -p ${project}`);
  return code === 0 ? "" : output;
}
