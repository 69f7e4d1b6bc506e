import { createTestHome } from "../../e2e/app/launch.ts";
import { startWorld } from "../../e2e/servers/world.ts";
import { requestInPage } from "../core/page-calls.ts";
import { openWindow } from "../core/window.ts";
import type { Figure } from "../figure.ts";

const runs = 5;
const contacts = 12;

/**
 * From the start of the process to a window that can be used: the first-start screen, and the contact list of a usual
 * day.
 */
export const start: Figure = {
  name: "start",
  title: "Start of the process to a window that takes input (Chromium host, headless)",
  async measure({ say }) {
    const world = await startWorld();
    try {
      const cold: number[] = [];
      const warm: number[] = [];
      for (let run = 0; run < runs; run++) {
        const testHome = await createTestHome();
        try {
          const account = await world.newAccount("xmpp");
          const { address, password, protocol, server } = account;
          const roster = Array.from({ length: contacts }, (_, index) => ({
            address: `colleague-${index}@example.test`,
            name: `Colleague ${index}`,
            subscription: "none" as const,
          }));
          await world.prosody.seedRoster(account.user, roster);
          const first = await openWindow(testHome, { contacts });
          cold.push((await first.sight("first-start")) - first.startedAt);
          await requestInPage(first, "accounts.add", { address, password, protocol, server });
          await first.sight("whole-list");
          await first.stop();
          const second = await openWindow(testHome, { contacts });
          warm.push((await second.sight("list")) - second.startedAt);
          await second.stop();
          say(`run ${run + 1}: cold ${Math.round(cold.at(-1) ?? 0)} ms, warm ${Math.round(warm.at(-1) ?? 0)} ms`);
        } finally {
          await testHome.remove();
        }
      }
      return [
        {
          what: "Cold profile: first-start screen",
          unit: "ms",
          samples: cold,
          note: "a folder that does not exist yet, so Chromium makes its profile too",
        },
        {
          what: "Warm profile: contact list from disk",
          unit: "ms",
          samples: warm,
          note: `second start, one account with ${contacts} contacts`,
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
