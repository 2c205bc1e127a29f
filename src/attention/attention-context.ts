import type { MedusaContainer } from "@medusajs/framework/types";
import { processingContext } from "../medusa/processing-context";
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
  books?: AttentionBooks;
}

/** What the attention list works with, in a Medusa container. */
export function attentionContext(container: MedusaContainer): AttentionContext {
  const { periods, clock } = closingOf(container);
  return {
    ...processingContext(container),
    books: { periods, clock, attention: booksAttentionOf(container) },
  };
}
