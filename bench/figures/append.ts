import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figure } from "../figure.ts";
import { filledHistory } from "../filled-history.ts";
import { runWorker } from "../worker.ts";
import type { AppendInput, AppendResult } from "../workers/append.ts";

const runs = 3;
const few = 20_000;

/** Cost of storing a message while the history is small, and when it holds a million. */
export const append: Figure = {
  name: "append",
  title: "Storing one message with 20,000 and with 1,000,000 stored (batches of 500, random ids, encrypted, indexed)",
  async measure(context) {
    const full = await filledHistory(context);
    const small: AppendResult[] = [];
    const large: AppendResult[] = [];
    for (let run = 0; run < runs; run++) {
      const folder = await mkdtemp(join(tmpdir(), "hallway-append-"));
      try {
        small.push(
          await runWorker<AppendResult>("append", {
            folder: join(folder, "small"),
            before: few,
            seed: run,
          } satisfies AppendInput),
        );
        await cp(full, join(folder, "large"), { recursive: true });
        large.push(
          await runWorker<AppendResult>("append", {
            folder: join(folder, "large"),
            before: 0,
            seed: run,
          } satisfies AppendInput),
        );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      context.say(
        `run ${run + 1}: ${small.at(-1)?.cpu.toFixed(0)} µs of processor time with 20,000, ${large.at(-1)?.cpu.toFixed(0)} µs with 1,000,000`,
      );
    }
    return [
      { what: "With 20,000 stored: processor time", unit: "µs", samples: small.map(({ cpu }) => cpu) },
      { what: "With 1,000,000 stored: processor time", unit: "µs", samples: large.map(({ cpu }) => cpu) },
      {
        what: "1,000,000 against 20,000, each pair of runs",
        unit: "x",
        target: 1.5,
        samples: large.map(({ cpu }, run) => cpu / (small[run]?.cpu ?? Number.NaN)),
      },
      { what: "With 1,000,000 stored: by the clock", unit: "µs", samples: large.map(({ clock }) => clock) },
    ];
  },
};
