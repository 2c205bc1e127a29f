import { z } from "@medusajs/framework/zod";
import { EXPORT_CONTENTS, EXPORT_FORMATS } from "../../../../modules/seqr/public";
import { Moment } from "../time-span";

/** `GET /admin/seqr/books/export` */
export const AdminGetSeqrBooksExportParams = z
  .object({
    period_id: z.string().max(200).optional(),
    from: Moment.optional(),
    to: Moment.optional(),
    format: z.enum(EXPORT_FORMATS).default("csv"),
    content: z.enum(EXPORT_CONTENTS).default("overview"),
  })
  .refine(
    ({ period_id, from, to }) => (period_id === undefined) !== (from === undefined && to === undefined),
    {
      message: "expected either period_id, or from, to or both",
    },
  );
export type AdminGetSeqrBooksExportParamsType = z.infer<typeof AdminGetSeqrBooksExportParams>;
