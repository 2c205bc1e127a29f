/** An error of the admin's requests: the status is missing when the server did not answer. */
export interface Failure extends Error {
  status?: number;
  statusText?: string;
}

/** Which words fit an error; each is a key of the texts `payments.failures`. */
export type FailureKind = "oldServer" | "notFound" | "signedOut" | "forbidden" | "unreachable" | "other";

/** Names why something could not be read. */
export function failureKind({ status, statusText, message }: Failure): FailureKind {
  // A route that is there says in words of its own what it lacks. A server without the route has none.
  if (status === 404) return message === "" || message === statusText ? "oldServer" : "notFound";
  if (status === 401) return "signedOut";
  if (status === 403) return "forbidden";
  return status === undefined || status === 502 || status === 503 ? "unreachable" : "other";
}

/** Milliseconds between two requests for what is shown on a page. */
export const LIVE = 2_000;

/** Milliseconds between two requests for what seldom changes, or is shown beside other things. */
export const CALM = 10_000;

interface LiveOptions {
  staleTime: number;
  refetchInterval: (query: { state: { error: Error | null } }) => number | false;
  refetchOnWindowFocus: true;
  retry: false;
}

/**
 * Makes the options of a query that stays true while it is shown. The dashboard's client asks only while the page is visible. What the
 * server refuses is not asked again, and a server that does not answer is.
 *
 * @param every milliseconds
 */
export function live(every: number = LIVE): LiveOptions {
  return {
    staleTime: every,
    refetchInterval: ({ state: { error } }) => (error && isFinal(error) ? false : every),
    refetchOnWindowFocus: true,
    retry: false,
  };
}

/** Whether asking again cannot help. */
function isFinal(error: Failure): boolean {
  return !["unreachable", "other"].includes(failureKind(error));
}
