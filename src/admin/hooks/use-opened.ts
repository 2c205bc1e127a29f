import { useLocation, useNavigate } from "react-router-dom";

/** The id of what is opened on a page, kept in the page's address, so that the browser's buttons, links and the menu lead to it. */
export function useOpened(): [id: string, open: (id: string) => void] {
  const { hash, search } = useLocation();
  const navigate = useNavigate();
  return [idIn(hash), (id) => void navigate({ search, hash: encodeURIComponent(id) })];
}

/** Reads the id from an address, also one that a person has written. */
function idIn(hash: string): string {
  const written = hash.slice(1);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
