import { startWorld } from "../../e2e/servers/world.ts";
import { settingKeys, settings } from "../../shared/settings/declaration.ts";
import type { Figure } from "../figure.ts";
import { runWorker } from "../worker.ts";
import type { PolicyInput, PolicyResult } from "../workers/policy.ts";

const runs = 5;
const rounds = 2_000;
const keys = settingKeys.filter((key) => settings[key].policy !== "none").length;

/** Cost of policy, and the time until a change is applied. */
export const policy: Figure = {
  name: "policy",
  title: `Policy: ${keys} keys, each of them in a file; a session that is dropped (Prosody)`,
  async measure({ say }) {
    const world = await startWorld();
    try {
      const results: PolicyResult[] = [];
      for (let run = 0; run < runs; run++) {
        const result = await runWorker<PolicyResult>("policy", {
          account: await world.newAccount("xmpp", "me"),
          rounds,
        } satisfies PolicyInput);
        say(
          `run ${run + 1}: resolved in ${result.resolve.toFixed(0)} µs, dropped after ${result.dropped.toFixed(0)} ms`,
        );
        results.push(result);
      }
      return [
        { what: "All keys resolved", unit: "µs", samples: results.map(({ resolve }) => resolve) },
        {
          what: "From the file written to the session dropped",
          unit: "ms",
          samples: results.map(({ dropped }) => dropped),
          note: "5,000 ms of it the file is left alone to settle, as in the product",
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
