import { sdk } from "./sdk";

/**
 * Downloads a file of the admin API, with the login that the dashboard has.
 *
 * @throws {FetchError} why the server refuses it
 */
export async function download(path: string, query: Record<string, string> = {}): Promise<void> {
  const answer = await sdk.client.fetch<Response>(path, { query, headers: { accept: "*/*" } });
  const [, name = "seqr"] = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "") ?? [];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
