import type { MedusaContainer } from "@medusajs/framework/types";
import { actorNamesIn, type ActorNames } from "../medusa/actors";
import { processingContext } from "../medusa/processing-context";
import { queryOf } from "../medusa/queries";
import { booksAttentionOf, closingOf } from "../modules/seqr";
import type { BooksAttention, BooksContext } from "../modules/seqr/public";
import type { ProcessingContext } from "../processing/processing-context";

/** What the attention list works with where there are books. */
export interface AttentionBooks extends Pick<BooksContext, "periods" | "clock"> {
  attention: BooksAttention;
}

/** What the attention list works with. */
export interface AttentionContext extends ProcessingContext {
  /** Left out, the list is of payments only. */
  books?: AttentionBooks | undefined;
  /** Left out, decisions have no names. */
  actorNames?: ActorNames;
}

/** What the attention list works with, in a Medusa container. */
export function attentionContext(
  container: MedusaContainer,
): AttentionContext & Required<Pick<AttentionContext, "actorNames">> {
  const { periods, clock } = closingOf(container);
  return {
    ...processingContext(container),
    actorNames: actorNamesIn(queryOf(container)),
    books: { periods, clock, attention: booksAttentionOf(container) },
  };
}
