import { linkSchemes } from "../../addressing/link-schemes.ts";
import { linkIn } from "./arguments.ts";
import type { ElectronApp } from "./modules.ts";

/**
 * Hands on links that the desktop opens while Hallway runs: macOS tells the program (`open-url`), the other systems
 * start it once more. Must be called before the app is ready, or a link that starts the program is lost.
 */
export function followLinks(app: Pick<ElectronApp, "on">, open: (link: string) => void): void {
  app.on("open-url", (event, url) => {
    event.preventDefault();
    open(url);
  });
  app.on("second-instance", (_event, argv) => {
    const link = linkIn(argv);
    if (link !== undefined) open(link);
  });
}

/**
 * Makes Hallway the program for the links that no other program opens: what a person or their IT department has chosen
 * stays (a telephone for `sip:`). On Linux desktop entries say it, and the person's choice is in mimeapps.list.
 */
export function claimLinks(
  app: Pick<ElectronApp, "getApplicationNameForProtocol" | "setAsDefaultProtocolClient">,
  platform: NodeJS.Platform,
): void {
  if (platform !== "win32" && platform !== "darwin") return;
  for (const scheme of linkSchemes)
    if (app.getApplicationNameForProtocol(`${scheme}:`) === "") app.setAsDefaultProtocolClient(scheme);
}
