import { startWorld } from "../../e2e/servers/world.ts";
import type { Protocol } from "../../shared/model/account.ts";
import type { Figure, Row } from "../figure.ts";
import { percentile } from "../statistics.ts";
import { runWorker, startWorker } from "../worker.ts";
import type { RoundTripInput } from "../workers/round-trip.ts";

const runs = 5;
const warmUp = 30;
const count = 300;

/** A message to another Hallway process, and its answer back, over the real servers with TLS. */
export const roundTrip: Figure = {
  name: "round-trip",
  title: `One message to another Hallway process and its answer back (${count} in a row)`,
  async measure({ say }) {
    const world = await startWorld();
    try {
      const rows: Row[] = [];
      for (const [protocol, server] of [
        ["xmpp", "Prosody"],
        ["simple", "Kamailio"],
      ] as const satisfies readonly (readonly [Protocol, string])[]) {
        const times: (readonly number[])[] = [];
        for (let run = 0; run < runs; run++) {
          const [here, there] = await Promise.all([
            world.newAccount(protocol, "here"),
            world.newAccount(protocol, "there"),
          ]);
          const echo = startWorker<undefined>("echo", there);
          try {
            await echo.ready;
            times.push(
              await runWorker<readonly number[]>("round-trip", {
                account: here,
                peer: there.address,
                warmUp,
                count,
              } satisfies RoundTripInput),
            );
          } finally {
            await echo.stop();
          }
          const last = times.at(-1) ?? [];
          say(
            `${server}, run ${run + 1}: p50 ${percentile(last, 0.5).toFixed(2)} ms, p95 ${percentile(last, 0.95).toFixed(2)} ms`,
          );
        }
        rows.push(
          { what: `Over ${server}: p50`, unit: "ms", samples: times.map((of) => percentile(of, 0.5)) },
          { what: `Over ${server}: p95`, unit: "ms", samples: times.map((of) => percentile(of, 0.95)) },
        );
      }
      return rows;
    } finally {
      await world.stop();
    }
  },
};
