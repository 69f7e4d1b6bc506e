import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";

/** One file of the window, as it is served: bytes and headers. */
export interface Page {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The window's files by path (`/`, `/main.js`); nothing else is ever served. */
export type Pages = ReadonlyMap<string, Page>;

/**
 * Permissions of the window (CSP level 3): it runs its own scripts and styles, draws its own pictures, and reaches no
 * network at all. Everything not named is denied. The renderer is written against exactly this.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'none'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/** Largest file served, in bytes: a bound, not a wish. */
const maxFileSize = 16 * 1024 * 1024;

/** The headers that every file of the window carries. */
export function pageHeaders(name: string): Readonly<Record<string, string>> {
  return {
    "content-type": types[extname(name)] ?? "application/octet-stream",
    "content-security-policy": contentSecurityPolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  };
}

/**
 * Reads the window's files into memory. Only plain files with a known type in the folder itself are taken, so that no
 * request can name anything outside it. Throws when there is no `index.html`.
 */
export async function readPages(folder: string): Promise<Pages> {
  const pages = new Map<string, Page>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || types[extname(entry.name)] === undefined) continue;
    const path = join(folder, entry.name);
    if ((await stat(path)).size > maxFileSize) continue;
    pages.set(`/${entry.name}`, { body: await readFile(path), headers: pageHeaders(entry.name) });
  }
  const index = pages.get("/index.html");
  if (index === undefined)
    throw new Error(`The window's files are missing: no index.html in ${folder}. Build them with "npm run bundle".`);
  pages.set("/", index);
  return pages;
}

/** The file for a URL of the given origin; undefined: there is none, or the URL is not ours. */
export function findPage(pages: Pages, origin: string, url: string): Page | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  // `origin` is "null" for custom schemes, so the two parts are compared.
  if (`${parsed.protocol}//${parsed.host}` !== origin) return undefined;
  return pages.get(parsed.pathname === "" ? "/" : parsed.pathname);
}
