import { readFile } from "node:fs/promises";

/** Files that lie beside the bundle of the product under plain Node (build/bundle.ts). */

/** The history worker. */
export const workerUrl = new URL("history-worker.mjs", import.meta.url);
/** The thread that makes an export. */
export const exportWorkerUrl = new URL("export-worker.mjs", import.meta.url);
/** The bundle that the product is started with. */
export const entryUrl = new URL("main.mjs", import.meta.url);
/** The window's files. */
export const pagesUrl = new URL("renderer/", import.meta.url);

/** Version of the program, from `package.json` above the bundle; started from its sources, it is one folder higher. */
export async function version(): Promise<string> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8").catch(() =>
    readFile(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return (JSON.parse(text) as { version: string }).version;
}
