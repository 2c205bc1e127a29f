import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { AdminSeqrHealth, AdminSeqrSettings } from "../../http-types";
import { mayRetry } from "../components/load-error";
import { sdk } from "../lib/sdk";

/** Milliseconds after which the findings are read again while they are shown. */
const REFRESH = 10_000;

/** How SEQR is connected, and how the plugin runs. */
export function useHealth(): UseQueryResult<AdminSeqrHealth> {
  return useQuery({
    queryKey: ["seqr-health"],
    queryFn: () => sdk.client.fetch<AdminSeqrHealth>("/admin/seqr/health"),
    // What was found a while ago is shown until it has been asked again.
    staleTime: 0,
    refetchInterval: REFRESH,
    retry: mayRetry,
  });
}

/** The options that are in force. They change only when the server starts again. */
export function useSettings(): UseQueryResult<AdminSeqrSettings> {
  return useQuery({
    queryKey: ["seqr-settings"],
    queryFn: () => sdk.client.fetch<AdminSeqrSettings>("/admin/seqr/settings"),
    staleTime: 0,
    retry: mayRetry,
  });
}
