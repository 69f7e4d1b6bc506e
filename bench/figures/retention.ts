import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pauseRows } from "../core/pauses.ts";
import type { Figure } from "../figure.ts";
import { percentile } from "../statistics.ts";
import { runWorker } from "../worker.ts";
import type { FillInput } from "../workers/fill-history.ts";
import type { RetentionInput, RetentionResult } from "../workers/retention.ts";

const messages = 500_000;
const conversations = 200;
/** A key that protects nothing: the messages are made up. */
const key = new Uint8Array(32).fill(7);

/** Deleting half a million messages for good, while somebody chats: nobody may notice. */
export const retention: Figure = {
  name: "retention",
  title: `Retention of ${messages.toLocaleString("en")} messages while chatting (a message and a page every 50 ms; encrypted, indexed, overwritten)`,
  async measure({ cache, say }) {
    const folder = await mkdtemp(join(cache, "retention-"));
    try {
      await runWorker<number>("fill-history", { folder, key, messages, conversations } satisfies FillInput);
      const result = await runWorker<RetentionResult>("retention", { folder, key } satisfies RetentionInput);
      const { removed, took, pauses, appends, pages } = result;
      say(
        `${removed.toLocaleString("en")} messages in ${(took / 1000).toFixed(0)} s, ${appends.length} messages stored meanwhile`,
      );
      if (removed !== messages) throw new Error(`${removed} messages went instead of ${messages}`);
      return [
        ...pauseRows([pauses]),
        {
          what: "A message stored meanwhile: p95",
          unit: "ms",
          samples: [percentile(appends, 0.95)],
          note: `longest ${percentile(appends, 1).toFixed(0)} ms`,
        },
        {
          what: "A page of 60 read meanwhile: p95",
          unit: "ms",
          samples: [percentile(pages, 0.95)],
          note: `longest ${percentile(pages, 1).toFixed(0)} ms`,
        },
        {
          what: "For one message, rests and the index written anew included",
          unit: "µs",
          samples: [(took * 1000) / removed],
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
