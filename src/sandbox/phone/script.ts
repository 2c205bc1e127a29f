/** Reloads the page when its invoice changes. The page works without it. */
export const SCRIPT = `
const { path, state } = document.body.dataset;
if (path) {
  const check = async () => {
    try {
      const response = await fetch(path + "/state", { cache: "no-store" });
      if (response.ok && (await response.text()) !== state) return void location.replace(path);
    } catch {
      // The sandbox is not running; it may be started again.
    }
    setTimeout(check, 1000);
  };
  setTimeout(check, 1000);
}
`;
