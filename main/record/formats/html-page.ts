import { createHash } from "node:crypto";
import type { Words } from "../../../shared/words/words.ts";
import { plain } from "./plain.ts";

const style = `:root{color-scheme:light dark;--bg:#fff;--ink:#161a22;--soft:#505a69;--line:#d5d9e0;--own:#e7edfc;--their:#f1f3f6;--accent:#1c47b4}
@media(prefers-color-scheme:dark){:root{--bg:#14171d;--ink:#eceff4;--soft:#aab3c0;--line:#3a414d;--own:#20315c;--their:#232830;--accent:#9db9ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:52rem;padding:1.5rem 1rem 3rem;background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{font-size:1.4rem;line-height:1.3;margin:0 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1rem;margin:2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
a{color:var(--accent)}
nav{margin:.6rem 0}
nav a{display:inline-block;margin-inline-end:1.2rem;padding:.15rem 0}
ol.messages{list-style:none;margin:0;padding:0}
ol.messages>li{margin:0 0 .6rem;padding:.5rem .75rem;border-radius:.5rem;background:var(--their);border-inline-start:.25rem solid var(--line);break-inside:avoid}
ol.messages>li.out{background:var(--own);border-inline-start-color:var(--accent)}
.who{margin:0;font-size:.85rem;color:var(--soft);overflow-wrap:anywhere}
.who b{color:var(--ink)}
.text{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
.notes{margin:.2rem 0 0;padding:0;list-style:none;font-size:.8rem;color:var(--soft);overflow-wrap:anywhere}
.notes li{white-space:pre-wrap;unicode-bidi:isolate}
.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;padding:.35rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
td.number,th.number{text-align:end;font-variant-numeric:tabular-nums}
@media print{:root{color-scheme:light;--bg:#fff;--ink:#000;--soft:#444;--line:#bbb;--own:#fff;--their:#fff;--accent:#000}body{max-width:none;padding:0}nav{display:none}h2{break-after:avoid}}
`;

const styleHash = createHash("sha256").update(style).digest("base64");

/**
 * The beginning of a page, up to its body. Nothing but its own style is allowed on it: no script, no picture, no
 * connection, no form.
 */
export function pageStart(title: string, words: Words): string {
  return `<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
`;
}

export const pageEnd = "</body>\n</html>\n";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\r": "",
};

/**
 * Text for an element or an attribute in double quotes. Overrides of the direction of writing (U+202D, U+202E), with
 * which a text can be made to read as another, are shown by name.
 */
export function escapeHtml(text: string): string {
  const shown = plain(text);
  return /[&<>"'\r\u202d\u202e]/.test(shown)
    ? shown
        .replace(/\r\n?/g, "\n")
        .replace(
          /[&<>"'\u202d\u202e]/g,
          (character) => escapes[character] ?? `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`,
        )
    : shown;
}
