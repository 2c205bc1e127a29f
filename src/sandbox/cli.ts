#!/usr/bin/env node
import { HELP } from "./cli/help";
import { serve } from "./cli/serve";
import { isStoreCommand, runInStore } from "./cli/store-command";
import { runVerb } from "./cli/verbs";
import { SandboxError } from "./errors";

/** Runs the command `medusa-payment-seqr`. Exit code 0: success; 1: failure; 2: invalid command line. */
async function main(args: string[]): Promise<number> {
  const [command] = args;
  if (command === undefined || command === "help" || args.includes("--help") || args.includes("-h")) {
    process.stdout.write(HELP);
    return command === undefined ? 2 : 0;
  }
  if (command === "sandbox") {
    await serve(args.slice(1));
    return 0;
  }
  if (isStoreCommand(command)) return runInStore(command, args.slice(1));
  const output = await runVerb(args);
  if (output === undefined) {
    process.stderr.write(`"${args.join(" ")}" is no command. "medusa-payment-seqr --help" lists them.\n`);
    return 2;
  }
  process.stdout.write(output);
  return 0;
}

/** The message and the exit code of a failure. */
function explain(error: unknown): number {
  if (error instanceof SandboxError) {
    process.stderr.write(`${error.message}\n  Cause: ${error.reason}\n  Cure:  ${error.cure}\n`);
    return 1;
  }
  const isArgument = (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS") ?? false;
  if (isArgument && error instanceof Error) {
    process.stderr.write(`${error.message}\n"medusa-payment-seqr --help" lists the options.\n`);
    return 2;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

void main(process.argv.slice(2))
  .catch(explain)
  .then((code) => {
    process.exitCode = code;
  });
