// Makes calls in the way that the command line names, as many at a time as it is told to, and tells the processor time.
import { argv } from "node:process";
import { ERS_REFERENCE } from "./messages.mjs";

const [, , contender, answer, url] = argv;
const { connect } = await import(`./${contender}.mjs`);

/** Makes one call; gives what it understood of the answer. */
const call = await connect(`${url}/${answer}`);
await check();
process.on("message", async ({ calls }) => {
  const before = process.cpuUsage();
  for (let count = 0; count < calls; count++) await call();
  const { user, system } = process.cpuUsage(before);
  process.send({ microseconds: user + system });
});
process.on("disconnect", () => process.exit());
process.send("ready");

/** Refuses a contender that has not understood the answer. */
async function check() {
  const understood = await call();
  const wanted = answer === "paid" ? `PAID ${ERS_REFERENCE}` : "ISSUED undefined";
  if (understood !== wanted) throw new Error(`${contender} understood ${understood}`);
}
