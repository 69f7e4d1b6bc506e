import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../build/root.ts";
import type { Context } from "./figure.ts";
import { runWorker } from "./worker.ts";
import type { FillInput } from "./workers/fill-history.ts";

/** How much is in it, unless another number of conversations is asked for. */
export const filled = { messages: 1_000_000, conversations: 200 } as const;
/** A key that protects nothing: the messages are made up. */
export const filledKey = new Uint8Array(32).fill(7);

const sources = [
  "main/history/store/history-schema.ts",
  "shared/search/fold.ts",
  "shared/search/words.ts",
  "main/history/store/message-row.ts",
  "main/history/store/id-index.ts",
  "main/history/store/insertion.ts",
  "bench/core/history.ts",
  "bench/talk.ts",
  "bench/workers/fill-history.ts",
];

/**
 * The folder of a history of a million messages, shared by figures; made anew when what it is made by has changed. To
 * be read only.
 */
export async function filledHistory(
  { cache, say }: Context,
  conversations: number = filled.conversations,
): Promise<string> {
  const hash = createHash("sha256");
  // Another checkout may not have all of them.
  for (const source of sources) hash.update(await readFile(join(root, source)).catch(() => ""));
  const prefix = `history-${conversations}-`;
  const folder = join(cache, `${prefix}${hash.digest("hex").slice(0, 12)}`);
  const done = join(folder, "complete");
  if (existsSync(done)) return folder;
  for (const old of await readdir(cache))
    if (old.startsWith(prefix)) await rm(join(cache, old), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  say("filling the database, once");
  const took = await runWorker<number>("fill-history", {
    folder,
    key: filledKey,
    messages: filled.messages,
    conversations,
  } satisfies FillInput);
  say(
    `filled in ${Math.round(took / 1000)} s (${Math.round(filled.messages / (took / 1000)).toLocaleString("en")} messages a second)`,
  );
  await writeFile(done, "");
  return folder;
}
