import { SeqrInputError } from "../errors";
import { MAX_SEQR_ID_LENGTH } from "../limits";
import { complex, text } from "../wire/schema";
import { readNothing } from "./checks";
import { clientContext, commonAnswer } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of assignSeqrId (PROTOCOL 2.10). */
export interface AssignSeqrIdRequest extends WithContext {
  seqrId?: string;
}

/** Ties the static code of a cash register to the terminal (PROTOCOL 2.10). */
export const assignSeqrId = operation({
  principal: "TERMINALID",
  request: complex<AssignSeqrIdRequest>("assignSeqrId", { context: clientContext, seqrId: text }),
  return: commonAnswer,
  /** @param seqrId 1 to 34 letters and digits */
  async method(seqr, seqrId: string): Promise<void> {
    if (!/^[A-Za-z0-9]+$/.test(seqrId) || seqrId.length > MAX_SEQR_ID_LENGTH) {
      throw new SeqrInputError(
        `seqrId must be 1 to ${MAX_SEQR_ID_LENGTH} letters and digits`,
        "assignSeqrId",
      );
    }
    await seqr.send({ seqrId }, readNothing);
  },
});
