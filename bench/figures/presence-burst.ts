import { setTimeout as sleep } from "node:timers/promises";
import { createTestHome } from "../../e2e/app/launch.ts";
import { startCrowd } from "../core/crowd.ts";
import { type Frames, scrollUntil } from "../core/frames.ts";
import { requestInPage } from "../core/page-calls.ts";
import { openWindow } from "../core/window.ts";
import type { Figure } from "../figure.ts";

const bursts = ["available", "away", "dnd", "available", "away"] as const;
/** The shape that is drawn of each. */
const drawn = { available: "available", away: "away", dnd: "busy" } as const;
const quiet = 2_000;

/** An expression: the row of somebody is there and shows this shape. */
function isDrawn(name: string, shape: string): string {
  return `[...document.querySelectorAll('.tree .name')].some((cell) => cell.textContent === ${JSON.stringify(name)} && cell.closest('.contact-row').querySelector('.dot-${shape}'))`;
}

/** Ten thousand presence changes as fast as the server hands them over, while somebody scrolls through the list. */
export const presenceBurst: Figure = {
  name: "presence-burst",
  title: "10,000 presence changes in a burst while the list is scrolled (Prosody, Chromium host, headless)",
  async measure({ say }) {
    const crowd = await startCrowd();
    const testHome = await createTestHome();
    try {
      const window = await openWindow(testHome, { contacts: crowd.size });
      await window.sight("first-start");
      await requestInPage(window, "accounts.add", crowd.account);
      await window.sight("whole-list");
      await sleep(3_000);
      const settle: number[] = [];
      const still: Frames[] = [];
      const storms: Frames[] = [];
      for (const show of bursts) {
        still.push(
          await window.evaluate<Frames>(
            scrollUntil(`performance.now() > ${(await window.evaluate<number>("performance.now()")) + quiet}`),
          ),
        );
        const watching = window.evaluate<Frames>(scrollUntil(isDrawn(crowd.top, drawn[show])));
        const begun = Date.now();
        await crowd.everybody(show);
        const storm = await watching;
        storms.push(storm);
        settle.push(storm.at - begun);
        say(
          `${show}: settled in ${Math.round(storm.at - begun)} ms, longest frame ${Math.round(storm.longestFrame)} ms (without a burst ${Math.round(still.at(-1)?.longestFrame ?? 0)} ms)`,
        );
      }
      await window.stop();
      return [
        { what: "From sending to the last change drawn", unit: "ms", samples: settle },
        {
          what: "Longest frame in the burst",
          unit: "ms",
          target: 100,
          samples: storms.map(({ longestFrame }) => longestFrame),
        },
        {
          what: "Longest task of the page in the burst",
          unit: "ms",
          target: 100,
          samples: storms.map(({ longestTask }) => longestTask),
          note: "tasks of less than 50 ms are not told and count as 0",
        },
        {
          what: "Longest frame while scrolling without a burst",
          unit: "ms",
          samples: still.map(({ longestFrame }) => longestFrame),
          note: "what this machine does to any frame",
        },
      ];
    } finally {
      await testHome.remove();
      await crowd.stop();
    }
  },
};
