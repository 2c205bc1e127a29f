// JSON over HTTP, with errors that say what was asked and what came back.

/** Sends a request. Returns the answer's JSON; an answer that is no success throws. */
export async function send(method, url, { headers = {}, body } = {}) {
  const what = `${method} ${new URL(url).pathname}`;
  const answer = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error) => {
    throw new Error(`${what}: no answer (${error.cause?.code ?? error.message})`, { cause: error });
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${what}: HTTP ${answer.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/** Asks until the answer is the wanted one. */
export async function until(ask, isWanted, { seconds, every = 100 }) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (isWanted(value)) return value;
    if (Date.now() > deadline)
      throw new Error(
        `It did not happen within ${seconds} seconds. The last answer: ${JSON.stringify(value)}`,
      );
    await new Promise((done) => setTimeout(done, every));
  }
}
