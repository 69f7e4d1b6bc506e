import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../build/root.ts";
import type { Context, Figure } from "../figure.ts";
import { searchKinds } from "../search-kinds.ts";
import { runSide } from "../side.ts";
import type { FillInput } from "../sides/fill-history.ts";
import type { SearchInput, SearchResult } from "../sides/search.ts";
import { percentile } from "../statistics.ts";

const messages = 1_000_000;
const conversations = 200;
const runs = 5;
const each = 60;
/** A key that protects nothing: the messages are made up. */
const key = new Uint8Array(32).fill(7);

/** Searching a history of a million messages through its API, worker and encryption included. */
export const search: Figure = {
  name: "search",
  title: `Search over ${messages.toLocaleString("en")} stored messages (${searchKinds.length} kinds of query, 50 hits at most)`,
  async measure(context) {
    const folder = await database(context);
    const results: SearchResult[] = [];
    for (let run = 0; run < runs; run++) {
      const result = await runSide<SearchResult>("search", { folder, key, each, seed: run + 1 } satisfies SearchInput);
      const all = [...result.times.values()].flat();
      context.say(
        `run ${run + 1}: ${all.length} queries, ${result.hits} hits, p50 ${percentile(all, 0.5).toFixed(1)} ms, p95 ${percentile(all, 0.95).toFixed(1)} ms`,
      );
      results.push(result);
    }
    const all = results.map(({ times }) => [...times.values()].flat());
    return [
      { what: "All kinds: p50", unit: "ms", samples: all.map((times) => percentile(times, 0.5)) },
      { what: "All kinds: p95", unit: "ms", target: 50, samples: all.map((times) => percentile(times, 0.95)) },
      ...searchKinds.map((kind) => ({
        what: `${kind}: p95`,
        unit: "ms" as const,
        target: 50,
        samples: results.map(({ times }) => percentile(times.get(kind) ?? [], 0.95)),
      })),
      {
        what: "First search after opening",
        unit: "ms",
        samples: results.map(({ first }) => first),
        note: "the pages of the file are in the system's memory, none in the program's",
      },
    ];
  },
};

/** The filled database, made anew when what it is made by has changed. */
async function database({ cache, say }: Context): Promise<string> {
  const sources = [
    "main/history/store/history-schema.ts",
    "main/history/store/words.ts",
    "main/history/store/message-row.ts",
    "bench/talk.ts",
    "bench/sides/fill-history.ts",
  ];
  const hash = createHash("sha256");
  for (const source of sources) hash.update(await readFile(join(root, source)));
  const name = `history-${hash.digest("hex").slice(0, 12)}`;
  const folder = join(cache, name);
  const done = join(folder, "complete");
  if (!existsSync(done)) {
    for (const old of await readdir(cache)) if (old.startsWith("history-")) await rm(join(cache, old), { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    say("filling the database, once");
    const took = await runSide<number>("fill-history", { folder, key, messages, conversations } satisfies FillInput);
    say(`filled in ${Math.round(took / 1000)} s (${Math.round(messages / (took / 1000)).toLocaleString("en")} messages a second)`);
    await writeFile(done, "");
  }
  return folder;
}
