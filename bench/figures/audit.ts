import type { Figure } from "../figure.ts";
import { runWorker } from "../worker.ts";
import type { AuditInput, AuditResult } from "../workers/audit.ts";

/** Writing the chain takes minutes. */
const runs = 1;
const input: AuditInput = { entries: 1_000_000, every: 50_000, single: 500 };

/** Cost of writing the audit log, and of finding out whether somebody changed it. */
export const audit: Figure = {
  name: "audit",
  title: "Audit log: a chain of 1,000,000 entries, encrypted, hashed and signed",
  async measure({ say }) {
    const results: AuditResult[] = [];
    for (let run = 0; run < runs; run++) {
      const result = await runWorker<AuditResult>("audit", input);
      say(
        `run ${run + 1}: verify ${(result.fast / 1000).toFixed(1)} s, every signature of ${input.every.toLocaleString("en")} ${(result.signatures / 1000).toFixed(1)} s, write ${result.single.toFixed(0)} µs one by one, ${result.batched.toFixed(0)} µs in batches, memory +${result.growth.toFixed(1)} MB`,
      );
      results.push(result);
    }
    const scale = input.entries / input.every;
    return [
      { what: "Verify all, as hallway audit verify does", unit: "ms", samples: results.map(({ fast }) => fast) },
      {
        what: "Verify all with every signature (--every)",
        unit: "ms",
        samples: results.map(({ signatures }) => signatures * scale),
        note: `reckoned: the time for the first ${input.every.toLocaleString("en")} entries, times ${scale}`,
      },
      {
        what: "Memory that the last 900,000 entries add while verifying",
        unit: "MB",
        samples: results.map(({ growth }) => growth),
      },
      {
        what: "Write an entry that is on disk before the next",
        unit: "µs",
        samples: results.map(({ single }) => single),
      },
      { what: "Write an entry in a batch of 500", unit: "µs", samples: results.map(({ batched }) => batched) },
    ];
  },
};
