import { startCrowd } from "../core/crowd.ts";
import { pauseRows } from "../core/pauses.ts";
import type { Figure } from "../figure.ts";
import { runWorker } from "../worker.ts";
import type { RosterResult } from "../workers/roster.ts";

const runs = 5;

/** Load of a very long contact list on the main process, without a window. (Catch-up says the same for archives.) */
export const rosterInMain: Figure = {
  name: "roster-main",
  title: "10,000-contact roster in the main process alone (Prosody)",
  async measure({ say }) {
    const crowd = await startCrowd();
    try {
      const results: RosterResult[] = [];
      for (let run = 0; run < runs; run++) {
        const result = await runWorker<RosterResult>("roster", { account: crowd.account, size: crowd.size });
        say(
          `run ${run + 1}: ${Math.round(result.wall)} ms, longest pause ${Math.round(result.pauses.longest)} ms, work ${Math.round(result.pauses.work)} ms`,
        );
        results.push(result);
      }
      return [
        { what: "From signing in to the last contact published", unit: "ms", samples: results.map(({ wall }) => wall) },
        {
          what: "From signing in to the list on disk: processor time",
          unit: "ms",
          samples: results.map(({ cpu }) => cpu),
          note: "all threads of the process",
        },
        ...pauseRows(
          results.map(({ pauses }) => pauses),
          ", from the network",
        ),
        { what: "From disk to memory", unit: "ms", samples: results.map(({ restored }) => restored) },
        {
          what: "From disk to memory: processor time",
          unit: "ms",
          samples: results.map(({ restoreCpu }) => restoreCpu),
        },
        ...pauseRows(
          results.map(({ restorePauses }) => restorePauses),
          ", from disk",
        ),
      ];
    } finally {
      await crowd.stop();
    }
  },
};
