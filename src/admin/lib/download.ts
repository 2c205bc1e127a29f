import { sdk } from "./sdk";

/**
 * Downloads a file of the admin API, with the login that the dashboard has.
 *
 * @param onProgress receives the bytes that have come so far
 * @throws {FetchError} why the server refuses it
 * @throws {TypeError} when the connection is lost before all of it has come
 */
export async function download(
  path: string,
  query: Record<string, string> = {},
  onProgress: (bytes: number) => void = () => {},
): Promise<void> {
  const answer = await sdk.client.fetch<Response>(path, { query, headers: { accept: "*/*" } });
  const [, name = "seqr"] = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "") ?? [];
  const type = answer.headers.get("content-type") ?? "";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(await partsOf(answer, onProgress), { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function partsOf({ body }: Response, onProgress: (bytes: number) => void): Promise<BlobPart[]> {
  const parts: BlobPart[] = [];
  let bytes = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    onProgress(bytes);
  }
  return parts;
}
