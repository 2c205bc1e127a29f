/** Style sheet of the phone's pages: neutral, readable from 320 pixels, light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #eef0f3; --card: #ffffff; --ink: #1b1f24; --soft: #5a6370; --line: #d5dae1;
  --accent: #2f4d6f; --on-accent: #ffffff; --alert: #9b1c1c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --card: #1e2329; --ink: #edf0f4; --soft: #a6afbb; --line: #38404a;
    --accent: #a9c6e8; --on-accent: #14171b; --alert: #ff9c9c;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
header { padding: .75rem 1rem; text-align: center; font-size: .875rem; }
header a { color: var(--soft); text-decoration: none; }
main { max-width: 26rem; margin: 0 auto; padding: 1.25rem 1rem 1.5rem; background: var(--card); border: solid var(--line); border-width: 1px 0; }
@media (min-width: 28rem) { main { border-width: 1px; border-radius: 1rem; padding: 1.75rem; } }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.2; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.1rem; }
small { display: block; color: var(--soft); font-size: .875rem; font-weight: normal; }
.shop { margin: 0 0 .75rem; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .5rem 0; border-top: 1px solid var(--line); vertical-align: top; text-align: left; font-weight: normal; }
td { padding-left: 1rem; text-align: right; white-space: nowrap; }
tfoot th, tfoot td { border-top: 2px solid var(--ink); font-weight: 700; font-size: 1.125rem; }
.footer, .hint { color: var(--soft); font-size: .9375rem; }
.amount { margin: 0 0 1rem; font-size: 2rem; font-weight: 700; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 0 0 1.25rem; }
dt { color: var(--soft); }
dd { margin: 0; }
form { margin: 0; }
label { display: block; margin-bottom: .35rem; font-weight: 600; }
input { width: 100%; padding: .6rem; border: 2px solid var(--soft); border-radius: .5rem; background: transparent; color: inherit; font: 1.75rem/1.2 ui-monospace, monospace; letter-spacing: .5em; text-align: center; }
button, .button { display: block; width: 100%; margin: .75rem 0 0; padding: .8rem 1rem; border: 2px solid var(--accent); border-radius: .6rem; background: transparent; color: var(--accent); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
.main { background: var(--accent); color: var(--on-accent); }
p:has(> .button) { margin: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alert { color: var(--alert); font-weight: 600; }
ul { margin: 0; padding: 0; list-style: none; }
.list a { display: grid; grid-template-columns: 1fr auto; gap: .1rem .75rem; padding: .75rem 0; border-top: 1px solid var(--line); color: inherit; text-decoration: none; }
.go { color: var(--accent); font-weight: 600; text-decoration: underline; }
.messages li { padding: .6rem 0; border-top: 1px solid var(--line); }
time { display: block; color: var(--soft); font-size: .875rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
