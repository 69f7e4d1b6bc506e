import { findPage, type Pages } from "../pages.ts";
import type { ElectronModules, ElectronSession } from "./modules.ts";

export const pageScheme = "app";
/** Where our page lives: a scheme of our own, so that neither files nor a network stand behind it. */
export const pageOrigin = `${pageScheme}://hallway`;
export const pageUrl = `${pageOrigin}/`;

/**
 * Must be called before the app is ready: a standard (origin has a host), secure context without any further privilege.
 */
export function registerScheme(electron: Pick<ElectronModules, "protocol">): void {
  electron.protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true } }]);
}

/** Serves the window's files, and nothing else, on our scheme. */
export function servePages(protocol: ElectronSession["protocol"], pages: Pages): void {
  protocol.handle(pageScheme, (request) => {
    const page =
      request.method === "GET" || request.method === "HEAD" ? findPage(pages, pageOrigin, request.url) : undefined;
    if (page === undefined) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(page.body), { status: 200, headers: page.headers });
  });
}

/** True for addresses of our own page. */
export function isOwnUrl(url: string): boolean {
  return url === pageOrigin || url.startsWith(pageUrl);
}
