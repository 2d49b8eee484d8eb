/**
 * The frame of the HTML report: style, script, escaping.
 *
 * @module
 */

import { themeVariables } from "./chart_theme.ts";
import { visible } from "./format.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes any text harmless between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
}

/** Style sheet of every report, and of the page that makes reports in a browser. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;${themeVariables("light")};--accent:#0069a8;--soft:#f5f6f8}
@media (prefers-color-scheme:dark){:root{${themeVariables("dark")};--accent:#7cc0f5;--soft:#1c2026}}
@media print{:root{color-scheme:light;${themeVariables("light")};--accent:#0069a8;--soft:#f5f6f8}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--surface);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.6rem 0 .5rem}
h2,h3{line-height:1.25}
h3{font-size:1rem;margin:1.6rem 0 .4rem}
p,ul{margin:.5rem 0;max-width:48rem;overflow-wrap:anywhere}
a{color:var(--accent)}
code{font:.88em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--soft);border-radius:6px;padding:.7rem .9rem;margin:.5rem 0;
white-space:pre-wrap;
overflow-wrap:anywhere}
.muted,figcaption{color:var(--muted)}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--surface);padding:.3rem .6rem}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;
margin:1.2rem 0;
padding:0}
.facts div{background:var(--soft);border-radius:8px;padding:.7rem .9rem}
.facts dt{color:var(--muted);font-size:.85rem}
.facts dd{margin:0;font-size:1.3rem;font-weight:600;line-height:1.3}
.facts small{display:block;font-size:.8rem;font-weight:400;color:var(--muted)}
.answer{border-left:3px solid var(--accent);padding-left:1rem}
figure{margin:.6rem 0 0}
figure svg{display:block;max-width:100%;height:auto}
figure .phone{display:none}
figcaption{font-size:.9rem;max-width:48rem;margin-top:.4rem}
figure+.note{margin-top:1.6rem}
.scroll{overflow-x:auto;max-width:100%}
.scroll.tall{overflow:auto;max-height:80vh}
table{border-collapse:separate;border-spacing:0;font-size:.88rem;font-variant-numeric:tabular-nums}
.note{font-size:.9rem}
th,td{padding:.22rem .6rem;text-align:right;white-space:nowrap;
border-bottom:1px solid var(--grid)}
.sortable thead th{white-space:normal;min-width:4.4rem}
.sortable th,.sortable td{padding:.12rem .5rem}
thead th{position:sticky;top:0;z-index:1;background:var(--surface);vertical-align:bottom;
font-weight:600}
tbody th,th:first-child{text-align:left;font-weight:400}
tbody th{position:sticky;left:0;background:var(--surface)}
tr.bound th,tr.bound td{font-weight:700}
td.above,td.best{background:color-mix(in srgb,var(--series-2) 16%,transparent)}
td.best{font-weight:700}
td.below{background:color-mix(in srgb,var(--series-1) 16%,transparent)}
td sup{line-height:0;width:.6em;display:inline-block;text-align:left}
th button{all:unset;cursor:pointer;font-weight:600;text-align:inherit}
th button:focus-visible{outline:2px solid var(--accent)}
th button::after{content:"\\00a0\\2195";color:var(--muted)}
th[aria-sort=ascending] button::after{content:"\\00a0\\2191";color:inherit}
th[aria-sort=descending] button::after{content:"\\00a0\\2193";color:inherit}
.words td,.words th{white-space:normal;text-align:left;vertical-align:top;min-width:7rem}
.words td:nth-child(n+2){min-width:13rem}
.words th code{overflow-wrap:normal}
td.key{text-align:left}
.pairs th{padding-left:0;color:var(--muted)}
.pairs td{text-align:left;white-space:normal}
footer{padding-bottom:3rem}
@media (max-width:560px){body{font-size:15px}header,main,footer{padding-left:.9rem;
padding-right:.9rem}
figure .desk{display:none}figure .phone{display:block}
.facts{grid-template-columns:1fr 1fr}.facts dd{font-size:1.1rem}
h1{font-size:1.4rem}tbody th{white-space:normal;min-width:7.2rem}th,td{padding:.22rem .4rem}}
@media print{nav,.skip{display:none}body{font-size:11pt}header,main,footer{max-width:none;
padding:0}
h2{break-after:avoid}figure,.facts div{break-inside:avoid}tr{break-inside:avoid}
.scroll,.scroll.tall{overflow:visible;max-height:none}table{font-size:7.5pt}th,
td{padding:.1rem .25rem}thead th,tbody th{position:static}
th button::after{content:none}}
`.trim();

/** Sorts tables by a click on a head; without it the tables are merely not sortable. */
const SCRIPT = `
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const firstDown = head.dataset.first === "descending";
      const down = head.ariaSort ? head.ariaSort === "ascending" : firstDown;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.value;
      const entry = (row, index) => ({ row, index, key: key(row) });
      const rows = [...table.tBodies[0].rows].map(entry);
      rows.sort((a, b) => {
        if (a.key === "" || b.key === "") {
          return (a.key === "") - (b.key === "") || a.index - b.index;
        }
        const x = Number(a.key), y = Number(b.key);
        const order = isNaN(x) || isNaN(y) ? (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) : x - y;
        return (down ? -order : order) || a.index - b.index;
      });
      table.tBodies[0].append(...rows.map(({ row }) => row));
    });
  });
}
`.trim();

/** A page without any outside reference; its policy forbids requests and foreign scripts. */
export async function htmlPage(title: string, body: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(SCRIPT));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; ` +
    "base-uri 'none'; form-action 'none'";
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    "</head>",
    "<body>",
    body,
    `<script>${SCRIPT}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}
