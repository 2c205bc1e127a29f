import { useLocation, useNavigate } from "react-router-dom";

/** The id of what is opened on a page, kept in the page's address, so that the browser's buttons, links and the menu lead to it. */
export function useOpened(): [id: string, open: (id: string) => void] {
  const { hash, search } = useLocation();
  const navigate = useNavigate();
  return [
    decodeURIComponent(hash.slice(1)),
    (next) => void navigate({ search, hash: encodeURIComponent(next) }),
  ];
}
