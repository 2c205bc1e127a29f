import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { AdminSeqrHealth, AdminSeqrSettings } from "../../http-types";
import { CALM, live } from "../lib/live";
import { sdk } from "../lib/sdk";

/** How SEQR is connected, and how the plugin runs. */
export function useHealth(): UseQueryResult<AdminSeqrHealth> {
  return useQuery({
    queryKey: ["seqr-health"],
    queryFn: () => sdk.client.fetch<AdminSeqrHealth>("/admin/seqr/health"),
    ...live(CALM),
  });
}

/** The options that are in force. They change only when the server starts again. */
export function useSettings(): UseQueryResult<AdminSeqrSettings> {
  return useQuery({
    queryKey: ["seqr-settings"],
    queryFn: () => sdk.client.fetch<AdminSeqrSettings>("/admin/seqr/settings"),
    staleTime: 0,
    retry: false,
  });
}
