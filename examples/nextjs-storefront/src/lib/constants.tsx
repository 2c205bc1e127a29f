import type { ReactElement } from "react";

/** How each payment method is called. */
export const paymentInfoMap: Record<string, { title: string; icon: ReactElement }> = {
  pp_system_default: { title: "Manual payment", icon: <span aria-hidden="true">▤</span> },
  pp_seqr_seqr: { title: "SEQR", icon: <span aria-hidden="true">▦</span> },
};

export const isManual = (providerId?: string): boolean => providerId === "pp_system_default";

export const isSeqr = (providerId?: string): boolean => providerId?.startsWith("pp_seqr_") ?? false;
