import type { SeqrClient } from "../../../seqr";
import { seqrError } from "../../../errors/error-codes";
import type { ResolvedOptions } from "../../../options/seqr-options";
import type { InvoiceRecord } from "../ledger/ledger";

/** A terminal of SEQR that the store has, and what calls with its credentials work with. */
export interface Terminal {
  /** Last part of its payment provider's id: `pp_seqr_<name>`. */
  name: string;
  options: ResolvedOptions;
  client: SeqrClient;
}

/** The terminals of a store. Every call about an invoice goes to the endpoint, and with the credentials, of the terminal that made it. */
export class Terminals {
  constructor(readonly all: readonly Terminal[]) {}

  /** @throws {MedusaError} SEQR_TERMINAL_UNKNOWN when the options name no such terminal any more */
  named(name: string): Terminal {
    const terminal = this.all.find((one) => one.name === name);
    if (!terminal) throw seqrError("SEQR_TERMINAL_UNKNOWN", `It is "${name}".`);
    return terminal;
  }

  /**
   * Finds the terminal that made an invoice.
   *
   * @throws {MedusaError} SEQR_TERMINAL_UNKNOWN when the options name it no longer
   */
  of({ terminal, terminal_id }: Pick<InvoiceRecord, "terminal" | "terminal_id">): Terminal {
    if (terminal !== null) return this.named(terminal);
    // Invoices from before a store could have several terminals have no name.
    const made = this.all.find(({ options }) => options.terminalId === terminal_id);
    if (!made) throw seqrError("SEQR_TERMINAL_UNKNOWN", `Its id at SEQR is ${terminal_id}.`);
    return made;
  }
}
