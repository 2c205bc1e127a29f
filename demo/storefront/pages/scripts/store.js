// The store's public HTTP API, as any storefront uses it.

/** Where things are: store_url, phone_url, publishable_key, region_id. */
export const config = await (await fetch("/config.json")).json();

/** The store said no, or nothing: `status` is 0 then. */
export class StoreError extends Error {
  constructor(status, { code, message } = {}) {
    super(message ?? (status === 0 ? "The store cannot be reached." : `The store answered ${status}.`));
    this.status = status;
    this.code = code;
  }
}

/**
 * Sends a request to the store.
 * @param path below /store
 * @throws {StoreError}
 */
export function store(method, path, body) {
  const headers = { "x-publishable-api-key": config.publishable_key };
  return send(method, `${config.store_url}/store${path}`, { headers, body });
}

/** Sends a request to any address. @throws {StoreError} */
export async function send(method, url, { headers = {}, body } = {}) {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new StoreError(0);
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new StoreError(answer.status, content);
  return content;
}
