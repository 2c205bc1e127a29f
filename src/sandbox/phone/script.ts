/**
 * Reloads the page when its invoice changes, but not while another page is on its way: the reload would take the place of
 * the link that the shopper has followed. The page works without the script.
 */
export const SCRIPT = `
const { path, state } = document.body.dataset;
if (path) {
  const LOADING = 5000;
  let followedAt = -LOADING;
  addEventListener("beforeunload", () => (followedAt = performance.now()));
  const check = async () => {
    try {
      const response = await fetch(path + "/state", { cache: "no-store" });
      const changed = response.ok && (await response.text()) !== state;
      if (changed && performance.now() - followedAt > LOADING) return void location.replace(path);
    } catch {
      // The sandbox is not running; it may be started again.
    }
    setTimeout(check, 1000);
  };
  setTimeout(check, 1000);
}
`;
