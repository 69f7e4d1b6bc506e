import { safeMailto } from "./mailto.ts";

/** Longest link handed to the desktop, in UTF-16 units. */
const maxUrlLength = 8192;

const allowed: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/**
 * The canonical form of a link that may be opened outside Hallway, or undefined: only http, https and mailto, no
 * credentials in it, no control characters, no absurd length. Canonical means percent-encoded, so it can never be taken
 * for an option or for more than one argument. Of a mailto link only what is safe is left (mailto.ts).
 */
export function externalUrl(text: string): string | undefined {
  if (text.length > maxUrlLength || /[\u0000-\u0020\u007f]/u.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!allowed.has(url.protocol) || url.username !== "" || url.password !== "") return undefined;
  if (url.protocol !== "mailto:" && url.hostname === "") return undefined;
  return url.protocol === "mailto:" ? safeMailto(url) : url.href;
}

/** The program and arguments that open a (canonical) link on this system; never through a shell. */
export function openCommand(
  platform: NodeJS.Platform,
  url: string,
): { readonly file: string; readonly args: readonly string[] } {
  if (platform === "darwin") return { file: "open", args: [url] };
  if (platform === "win32") return { file: "rundll32.exe", args: ["url.dll,FileProtocolHandler", url] };
  return { file: "xdg-open", args: [url] };
}
