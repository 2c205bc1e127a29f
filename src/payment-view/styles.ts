/**
 * Style sheet of the view in all its forms. A store sets the custom properties, and the parts, which have the
 * names of the classes. Colours have a contrast of at least 4.5 to their background; the code is dark on white in every
 * theme.
 */
export const STYLES =
  ".view,.view *{box-sizing:border-box;margin:0}" +
  ".view{--a:var(--seqr-accent,#00695c);--i:var(--seqr-ink,#1c1c1c);--m:var(--seqr-muted,#595959);--r:var(--seqr-radius,12px);max-width:44rem;margin:auto;padding:1rem;border:1px solid var(--seqr-line,#8a8a8a);border-radius:var(--r);background:var(--seqr-ground,#fff);color:var(--i);font:var(--seqr-font,1rem/1.5 system-ui,sans-serif);overflow-wrap:anywhere}" +
  ".head,.stage{display:flex;flex-flow:wrap;align-items:center;gap:.75rem}" +
  ".stage{flex-flow:column;padding:.75rem 0;text-align:center}" +
  ".shop{flex:1 1 6rem}" +
  ".amount,.heading{font-size:1.5rem}" +
  ".heading:focus{outline:0}" +
  "svg{fill:none;stroke:currentColor;stroke-width:3}" +
  ".mark{width:1.75rem;color:var(--a)}" +
  ".code{width:300px;max-width:100%;background:#fff;forced-color-adjust:none}" +
  ".small .code{width:180px}" +
  ".code svg{display:block;stroke:#000;stroke-width:1}" +
  ".icon{width:5rem;color:var(--m)}" +
  "[data-state=placing] .icon,[data-state=paid] .icon{color:#1b6e2e}" +
  "[data-state=failed] .icon,[data-state=canceled] .icon{color:#a4161a}" +
  "[data-state=expired] .icon,[data-state=offline] .icon{color:#8a4b00}" +
  ".time,.scan,.no-app,dt{color:var(--m)}" +
  ".button{display:inline-block;min-height:2.75rem;margin-top:.5rem;padding:.5rem 1rem;border:2px solid var(--a);border-radius:var(--r);background:none;color:var(--a);font:inherit;text-decoration:none}" +
  ".open,.renew{background:var(--a);color:var(--seqr-on-accent,#fff)}" +
  "[aria-busy=true] .button{opacity:.6}" +
  ":focus-visible{outline:3px solid var(--i);outline-offset:2px}" +
  "dl{display:grid;grid:none/auto 1fr;gap:.25rem 1rem;text-align:start}" +
  ".no-app a{display:inline-block;padding:.75rem;color:var(--a)}" +
  "@media (pointer:coarse) and (max-width:700px){.app{order:-1}}" +
  "@media (prefers-reduced-motion:no-preference){[data-state=preparing] .icon,[data-state=checking] .icon{animation:p 2s infinite}}" +
  "@keyframes p{50%{opacity:.6}}" +
  "@media print{.actions,.text{display:none}}";
