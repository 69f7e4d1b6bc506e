import { createTestHome } from "../../e2e/app/launch.ts";
import { startCrowd } from "../core/crowd.ts";
import { requestInPage } from "../core/page-calls.ts";
import { openWindow, processorTime } from "../core/window.ts";
import type { Figure } from "../figure.ts";

const runs = 5;

/** A very long contact list, from the network and from disk, until all of it can be scrolled through in the window. */
export const rosterInWindow: Figure = {
  name: "roster",
  title: "10,000-contact roster to a painted list (Prosody, Chromium host, headless)",
  async measure({ say }) {
    const crowd = await startCrowd();
    try {
      const connect: number[] = [];
      const disk: number[] = [];
      const mainTime: number[] = [];
      const pageTime: number[] = [];
      const first: number[] = [];
      const page: number[] = [];
      const process: number[] = [];
      for (let run = 0; run < runs; run++) {
        const testHome = await createTestHome();
        try {
          const fresh = await openWindow(testHome, { contacts: crowd.size });
          await fresh.sight("first-start");
          const pids = [fresh.mainPid, await fresh.rendererPid()] as const;
          const [mainBefore, pageBefore] = pids.map(processorTime);
          const asked = await fresh.evaluate<number>("Date.now()");
          await requestInPage(fresh, "accounts.add", crowd.account);
          connect.push((await fresh.sight("whole-list")) - asked);
          mainTime.push(processorTime(pids[0]) - (mainBefore ?? 0));
          pageTime.push(processorTime(pids[1]) - (pageBefore ?? 0));
          await fresh.stop();
          const again = await openWindow(testHome, { contacts: crowd.size });
          const painted = await again.sight("whole-list");
          first.push((await again.sight("list")) - again.openedAt());
          disk.push(painted - again.openedAt());
          page.push(painted - (await again.evaluate<number>("performance.timeOrigin")));
          process.push(painted - again.startedAt);
          await again.stop();
          say(
            `run ${run + 1}: connect ${Math.round(connect.at(-1) ?? 0)} ms, disk ${Math.round(disk.at(-1) ?? 0)} ms, process ${Math.round(process.at(-1) ?? 0)} ms`,
          );
        } finally {
          await testHome.remove();
        }
      }
      return [
        {
          what: "Connect to painted",
          unit: "ms",
          samples: connect,
          note: "from the request to sign in with a new account to the frame that has the whole list",
        },
        { what: "Connect to painted: processor time of the main process", unit: "ms", samples: mainTime },
        { what: "Connect to painted: processor time of the page's process", unit: "ms", samples: pageTime },
        {
          what: "Disk to painted: whole list",
          unit: "ms",
          target: 1_000,
          samples: disk,
          note: "from the opening of the databases to the frame that has the whole list",
        },
        { what: "Disk to painted: first rows", unit: "ms", target: 1_000, samples: first },
        {
          what: "The page's own start to the whole list painted",
          unit: "ms",
          samples: page,
          note: "without the start of Node and Chromium",
        },
        {
          what: "Start of the process to the whole list painted",
          unit: "ms",
          samples: process,
          note: "all of it: Node, Chromium, the vault, the databases, the list",
        },
      ];
    } finally {
      await crowd.stop();
    }
  },
};
