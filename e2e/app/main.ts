import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Launcher } from "../../main/host/chromium/launch.ts";
import { HostUnavailable } from "../../main/host/chromium/unavailable.ts";
import type { TestAppOptions } from "./options.ts";

/**
 * The entry that tests and the demo run: as the product's (main/main.ts), with another folder, another policy folder, a
 * private name server and a secret store of its own. Run as `main.mjs OPTIONS.json` from the checkout.
 */
async function main(): Promise<void> {
  const file = process.argv[2];
  if (file === undefined) throw new Error("usage: main.mjs OPTIONS.json");
  const options = JSON.parse(await readFile(file, "utf8")) as TestAppOptions;
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const browser = new Launcher({
    profile: join(options.folder, "window"),
    locale: options.locale,
    extraArgs: [
      ...(options.headless ? ["--headless=new"] : []),
      ...(options.debuggable ? ["--remote-debugging-port=0"] : []),
      ...(process.getuid?.() === 0 ? ["--no-sandbox", "--test-type"] : []),
    ],
  });
  browser.ahead();
  const { startProgram } = await import("./program.ts");
  await startProgram(options, browser);
}

await main().catch((error: unknown) => {
  console.error(error instanceof HostUnavailable ? error.message : error);
  process.exit(1);
});
