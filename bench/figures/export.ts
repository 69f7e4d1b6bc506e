import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { exportFormats } from "../../shared/model/export.ts";
import type { Figure, Row } from "../figure.ts";
import { filled, filledHistory, filledKey } from "../filled-history.ts";
import { runWorker } from "../worker.ts";
import type { ExportInput, ExportResult } from "../workers/export.ts";

const runs = 3;
/** More than 50,000 messages a second. */
const target = filled.messages / 50_000;
/** Memory that is flat, in MB: what garbage that has not been collected yet comes to. */
const flat = 32;

/** Exporting a million messages to each format, in a process of its own. */
export const exporting: Figure = {
  name: "export",
  title: `Export of ${filled.messages.toLocaleString("en")} messages in ${filled.conversations} conversations to each format`,
  async measure(context) {
    const folder = await filledHistory(context);
    const rows: Row[] = [];
    // Deleted after the last run: for some minutes ext4 passes over what was just deleted, file by file, whenever it
    // makes one, and then the deleting of one run is what the next one measures.
    const out = await mkdtemp(join(context.cache, "exports-"));
    for (const format of exportFormats) {
      const results: ExportResult[] = [];
      for (let run = 0; run < runs; run++) {
        // What earlier runs left the system to write is not what this one takes.
        execFileSync("sync");
        const result = await runWorker<ExportResult>("export", {
          folder,
          key: filledKey,
          format,
          out,
          messages: filled.messages,
        } satisfies ExportInput);
        if (result.messages !== filled.messages)
          throw new Error(`${format}: ${result.messages} messages were exported`);
        const rate = Math.round(result.messages / (result.took / 1000)).toLocaleString("en");
        context.say(
          `${format}, run ${run + 1}: ${rate} messages a second, ${result.files} files, ${Math.round(result.peak)} MB at most, ${Math.round(result.quarter)} in the first quarter`,
        );
        results.push(result);
      }
      const files = results[0]?.files ?? 0;
      rows.push(
        {
          what: `${format}: all of it`,
          unit: "ms",
          target: target * 1000,
          samples: results.map(({ took }) => took),
          note: `${files.toLocaleString("en")} file${files === 1 ? "" : "s"}; the target is 50,000 messages a second`,
        },
        {
          what: `${format}: most memory of the process`,
          unit: "MB",
          samples: results.map(({ peak }) => peak),
          note: `${Math.round(results[0]?.before ?? 0)} MB before it began`,
        },
        {
          what: `${format}: what the last three quarters add to that`,
          unit: "MB",
          target: flat,
          samples: results.map(({ peak, quarter }) => peak - quarter),
        },
      );
    }
    await rm(out, { recursive: true });
    return rows;
  },
};
