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

export async function version(): Promise<string> {
  const about = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return about.version;
}
