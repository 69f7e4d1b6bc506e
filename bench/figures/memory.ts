import { setTimeout as sleep } from "node:timers/promises";
import { createDesk } from "../../e2e/app/launch.ts";
import { startCrowd } from "../core/crowd.ts";
import { requestInPage } from "../core/page-calls.ts";
import { openWindow, residentMemory } from "../core/window.ts";
import type { Figure } from "../figure.ts";

const runs = 3;
const rest = 15_000;

/** What the two processes of ours hold when nothing happens, signed in with a very long contact list. */
export const memory: Figure = {
  name: "memory",
  title: `Memory at rest with 10,000 contacts, signed in (${rest / 1000} s after the list was drawn)`,
  async measure({ say }) {
    const crowd = await startCrowd();
    const desk = await createDesk();
    try {
      const first = await openWindow(desk, { contacts: crowd.size });
      await first.sight("first-start");
      await requestInPage(first, "accounts.add", crowd.account);
      await first.sight("whole-list");
      await sleep(3_000);
      await first.stop();
      const main: number[] = [];
      const renderer: number[] = [];
      const heap: number[] = [];
      for (let run = 0; run < runs; run++) {
        const window = await openWindow(desk, { contacts: crowd.size });
        await window.sight("whole-list");
        await sleep(rest);
        main.push(residentMemory(window.mainPid));
        renderer.push(residentMemory(await window.rendererPid()));
        const { usedSize } = await window.page.call<{ usedSize: number }>("Runtime.getHeapUsage");
        heap.push(usedSize / 2 ** 20);
        say(
          `run ${run + 1}: main ${Math.round(main.at(-1) ?? 0)} MB, renderer ${Math.round(renderer.at(-1) ?? 0)} MB, its heap ${Math.round(heap.at(-1) ?? 0)} MB`,
        );
        await window.stop();
      }
      return [
        {
          what: "Main process, resident",
          unit: "MB",
          target: 200,
          samples: main,
          note: "Node, both databases and their worker thread; VmRSS of /proc, shared pages of the Node program included",
        },
        { what: "Renderer process, resident", unit: "MB", samples: renderer, note: "VmRSS of /proc, Chromium's own shared pages included" },
        { what: "Renderer: JavaScript heap in use", unit: "MB", samples: heap },
      ];
    } finally {
      await desk.remove();
      await crowd.stop();
    }
  },
};
