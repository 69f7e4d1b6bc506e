import { join } from "node:path";
import { isLink } from "./addressing/link-schemes.ts";
import { refuseInspector } from "./app/refuse-inspector.ts";
import { Launcher } from "./host/chromium/launch.ts";
import { HostUnavailable } from "./host/chromium/unavailable.ts";
import { systemLocale } from "./host/locale.ts";
import { LinkInbox } from "./instance/link-inbox.ts";
import { lockInstance } from "./instance/lock.ts";
import { makeProfileFolder, profileFolder } from "./storage/profile-folder.ts";

/**
 * The product's entry under plain Node with a system browser's window: it starts the browser, which takes longest, and
 * then loads the program. It reads no flag and no variable that could loosen anything.
 */
async function openWindow(link?: string): Promise<void> {
  refuseInspector();
  const folder = profileFolder();
  await makeProfileFolder(folder);
  let show = (): void => undefined;
  const links = new LinkInbox(link);
  const knocked = (opened?: string): void => (opened === undefined ? show() : links.put(opened));
  const release = await lockInstance(folder, knocked, link);
  if (!release) {
    console.log("Hallway is open already; its window is brought to the front.");
    return;
  }
  const browser = new Launcher({ profile: join(folder, "window") });
  browser.ahead();
  try {
    const { startProgram } = await import("./app/chromium-program.ts");
    await startProgram({
      folder,
      browser,
      release,
      onApp: (host, app) => {
        show = () => void host.showWindow();
        links.openWith((opened) => app.openLink(opened));
      },
    });
  } catch (error) {
    await browser.stop();
    await release();
    throw error;
  }
}

async function refused(error: unknown): Promise<void> {
  const { startRefusal } = await import("./app/start-refusal.ts");
  console.error(startRefusal(error, systemLocale()) ?? (error instanceof HostUnavailable ? error.message : error));
  process.exitCode = 1;
}

const args = process.argv.slice(2);
// Without a word on the command line, or with a link alone, the window is meant.
await (args.length === 0 || (args.length === 1 && args.every(isLink))
  ? openWindow(args[0])
  : import("./cli/commands.ts").then(({ runCommands }) => runCommands(args))
).catch(refused);
