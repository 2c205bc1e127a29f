// Makes calls in the way that the command line names, as many at a time as it is told to, and tells the processor time.
import { argv } from "node:process";
import { ERS_REFERENCE } from "./messages";

/** Makes one call; gives what it understood of the answer. */
export type Call = () => Promise<string | undefined>;

async function main(): Promise<void> {
  const [, , contender = "", answer = "", url = ""] = argv;
  const { connect } = (await import(`./${contender}`)) as {
    connect: (endpoint: string) => Promise<Call>;
  };
  const call = await connect(`${url}/${answer}`);
  const understood = await call();
  const wanted = answer === "paid" ? `PAID ${ERS_REFERENCE}` : "ISSUED undefined";
  if (understood !== wanted) throw new Error(`${contender} understood ${understood}`);

  const measure = async ({ calls }: { calls: number }): Promise<void> => {
    const before = process.cpuUsage();
    for (let count = 0; count < calls; count++) await call();
    const { user, system } = process.cpuUsage(before);
    process.send?.({ microseconds: user + system });
  };
  process.on("message", (order: { calls: number }) => void measure(order));
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}

void main();
