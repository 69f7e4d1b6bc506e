import type { Figure } from "../figure.ts";
import { filled, filledHistory, filledKey } from "../filled-history.ts";
import { searchKinds } from "../search-kinds.ts";
import { percentile } from "../statistics.ts";
import { runWorker } from "../worker.ts";
import type { SearchInput, SearchResult } from "../workers/search.ts";

const runs = 5;
const each = 60;

/** Searching a history of a million messages through its API, worker and encryption included. */
export const search: Figure = {
  name: "search",
  title: `Search over ${filled.messages.toLocaleString("en")} stored messages (${searchKinds.length} kinds of query, 50 hits at most)`,
  async measure(context) {
    const folder = await filledHistory(context);
    const results: SearchResult[] = [];
    for (let run = 0; run < runs; run++) {
      const result = await runWorker<SearchResult>("search", {
        folder,
        key: filledKey,
        each,
        seed: run + 1,
      } satisfies SearchInput);
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
