import { useSyncExternalStore } from "react";

const read = (): string => location.hash.slice(1);

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

/** The id of what is opened on a page, kept in the page's address, so that the browser's buttons and links lead to it. */
export function useOpened(): [id: string, open: (id: string) => void] {
  const id = useSyncExternalStore(subscribe, read);
  return [id, (next) => (location.hash = next)];
}
