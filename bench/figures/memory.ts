import { setTimeout as sleep } from "node:timers/promises";
import { createTestHome } from "../../e2e/app/launch.ts";
import { startCrowd } from "../core/crowd.ts";
import { requestInPage } from "../core/page-calls.ts";
import { type BenchWindow, openWindow, residentMemory } from "../core/window.ts";
import type { Context, Figure, Row } from "../figure.ts";

/** A list that weighs nothing, and two that weigh. */
const few = 10;
const sizes = [10_000, 50_000] as const;
const rest = 15_000;

interface Weight {
  readonly main: number;
  readonly renderer: number;
  /** JavaScript heap of the page that is in use. */
  readonly heap: number;
}

async function weigh(window: BenchWindow): Promise<Weight> {
  await window.sight("whole-list");
  await sleep(rest);
  const { usedSize } = await window.page.call<{ usedSize: number }>("Runtime.getHeapUsage");
  return {
    main: residentMemory(window.mainPid),
    renderer: residentMemory(await window.rendererPid()),
    heap: usedSize / 2 ** 20,
  };
}

/** After signing in for the first time with a list of so many, and after the next start. */
async function weighList(contacts: number, { say }: Context): Promise<readonly [first: Weight, again: Weight]> {
  const crowd = await startCrowd(contacts);
  const testHome = await createTestHome();
  try {
    const window = await openWindow(testHome, { contacts });
    await window.sight("first-start");
    await requestInPage(window, "accounts.add", crowd.account);
    const first = await weigh(window);
    await window.stop();
    const next = await openWindow(testHome, { contacts });
    const again = await weigh(next);
    await next.stop();
    const text = ({ main, renderer }: Weight): string => `main ${Math.round(main)} MB, page ${Math.round(renderer)} MB`;
    say(
      `${contacts.toLocaleString("en")} contacts: signed in for the first time ${text(first)}; after a start ${text(again)}`,
    );
    return [first, again];
  } finally {
    await testHome.remove();
    await crowd.stop();
  }
}

/** Memory of our two processes when nothing happens, signed in with a very long contact list. */
export const memory: Figure = {
  name: "memory",
  rounds: 1,
  title: `Memory at rest with 10,000 and with 50,000 contacts, signed in (${rest / 1000} s after the list was drawn)`,
  async measure(context) {
    const light = await weighList(few, context);
    const rows: Row[] = [];
    for (const size of sizes) {
      const [first, again] = await weighList(size, context);
      const label = size.toLocaleString("en");
      const both = ({ main, renderer }: Weight): number => main + renderer;
      const perThousand = (heavy: Weight, than: Weight): number => (both(heavy) - both(than)) / ((size - few) / 1_000);
      rows.push(
        {
          what: `${label}: main process, resident`,
          unit: "MB",
          samples: [again.main],
          ...(size === 10_000 ? { target: 200 } : {}),
          note: "Node, both databases and their worker thread; VmRSS of /proc, shared pages of the Node program included",
        },
        {
          what: `${label}: renderer process, resident`,
          unit: "MB",
          samples: [again.renderer],
          note: "VmRSS of /proc, Chromium's own shared pages included",
        },
        { what: `${label}: renderer, JavaScript heap in use`, unit: "MB", samples: [again.heap] },
        {
          what: `${label}: for 1,000 contacts, both processes, signed in for the first time`,
          unit: "MB",
          samples: [perThousand(first, light[0])],
          note: `above what a list of ${few} takes`,
        },
        {
          what: `${label}: for 1,000 contacts, both processes, after a start`,
          unit: "MB",
          samples: [perThousand(again, light[1])],
        },
      );
    }
    return rows;
  },
};
