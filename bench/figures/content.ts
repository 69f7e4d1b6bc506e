import type { Figure } from "../figure.ts";
import { median, percentile } from "../statistics.ts";
import { runWorker } from "../worker.ts";
import type { ContentInput, ContentResult } from "../workers/content.ts";

const runs = 5;
const rules = 50;
const messages = 20_000;
const stored = 2_000;

/** Cost of the organization's rules for each message: alone, and beside everything else that is done with it. */
export const content: Figure = {
  name: "content",
  title: `Content pipeline with ${rules} rules (5 detectors, 15 lists of 200 words, 30 expressions; processor time)`,
  async measure({ say }) {
    const results: ContentResult[] = [];
    for (let run = 0; run < runs; run++) {
      const result = await runWorker<ContentResult>("content", {
        rules,
        messages,
        stored,
        seed: run + 1,
      } satisfies ContentInput);
      say(
        `run ${run + 1}: ${result.alone.map((one) => one.toFixed(1)).join(" / ")} µs a message (talk / long / numbers), way of a message ${result.with.toFixed(0)} µs with, ${result.without.toFixed(0)} µs without rules`,
      );
      results.push(result);
    }
    const alone = (kind: 0 | 1 | 2): number[] => results.map((result) => result.alone[kind]);
    return [
      { what: "A message of talk (9 words on average), all rules", unit: "µs", target: 100, samples: alone(0) },
      { what: "A message of 200 words", unit: "µs", samples: alone(1) },
      { what: "A message full of numbers, some of them cards", unit: "µs", samples: alone(2) },
      { what: "The same talk without rules", unit: "µs", samples: results.map(({ none }) => none) },
      {
        what: "A received message, looked through and stored, with rules against without",
        unit: "x",
        samples: results.map((result) => result.with / result.without),
        note: `median way of a message without rules ${Math.round(median(results.map(({ without }) => without)))} µs, with ${Math.round(
          percentile(
            results.map((result) => result.with),
            0.5,
          ),
        )} µs, in batches of 500, encrypted and indexed`,
      },
    ];
  },
};
