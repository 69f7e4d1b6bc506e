import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPackage } from "@electron/asar";

/** Marks the fuses in Electron's executable (`electron/shell/common/electron_constants.h` and @electron/fuses). */
const sentinel = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
/** Fuses as Electron ships them, in their order (`build/fuses/fuses.json5` of Electron 45). */
const shipped = "101100011";

/**
 * A folder that stands for Electron's runtime for Linux, which cannot be had here: an executable with nothing but the
 * fuses, the sandbox's helper, the licences, and the archive that Electron opens when it has no program.
 */
export async function makeSyntheticRuntime(folder: string): Promise<void> {
  const defaultApp = join(folder, "default-app");
  await mkdir(defaultApp, { recursive: true });
  await writeFile(join(defaultApp, "package.json"), '{"name":"electron","main":"main.js"}');
  await writeFile(join(defaultApp, "main.js"), 'throw new Error("Electron without a program");');
  const runtime = join(folder, "runtime");
  await mkdir(join(runtime, "resources"), { recursive: true });
  await createPackage(defaultApp, join(runtime, "resources/default_app.asar"));
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, shipped.length]), Buffer.from(shipped)]);
  await writeFile(join(runtime, "electron"), Buffer.concat([Buffer.alloc(5_000, 1), wire, Buffer.alloc(5_000, 2)]));
  for (const name of ["chrome-sandbox", "LICENSE", "LICENSES.chromium.html", "version"])
    await writeFile(join(runtime, name), `${name} of Electron`);
  for (const name of ["electron", "chrome-sandbox"]) await chmod(join(runtime, name), 0o755);
}
