import { setTimeout as sleep } from "node:timers/promises";
import { createTestHome } from "../../e2e/app/launch.ts";
import { startWorld } from "../../e2e/servers/world.ts";
import { layHistory } from "../core/long-chat.ts";
import { requestInPage } from "../core/page-calls.ts";
import { openWindow } from "../core/window.ts";
import type { Figure } from "../figure.ts";
import { filled, filledHistory } from "../filled-history.ts";

const friend = "person.0@example.test";
const seconds = 10;
/** One turn of a wheel as people give it: six notches of 120 pixels. */
const turn = 720;
const turnEvery = 50;

/** The number of the oldest message that is drawn (see fill-history.ts). */
const oldestDrawn = `Math.min(...[...document.querySelectorAll("[data-message]")].map((row) => Number(row.dataset.message.split("-")[1])))`;

/** Watches frames until it is asked for them. */
const watchFrames = `(() => {
  const frames = { longest: 0 };
  let before = performance.now();
  const frame = () => { const now = performance.now(); frames.longest = Math.max(frames.longest, now - before); before = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  globalThis.benchFrames = frames;
})()`;

/** Turning the wheel towards older messages of a conversation of a million. */
export const wheel: Figure = {
  name: "wheel",
  rounds: 1,
  title: `Wheel towards older messages for ${seconds} s in a conversation of ${filled.messages.toLocaleString("en")} (Chromium host, headless)`,
  async measure(context) {
    const history = await filledHistory(context, 1);
    const world = await startWorld();
    const testHome = await createTestHome();
    try {
      const { address, password, protocol, server, user } = await world.newAccount("xmpp");
      await world.prosody.seedRoster(user, [{ address: friend, name: "Friend", subscription: "none" }]);
      const first = await openWindow(testHome);
      await first.sight("first-start");
      const { accountId } = await requestInPage(first, "accounts.add", { address, password, protocol, server });
      await first.sight("whole-list");
      await first.stop();
      await layHistory(testHome, history, accountId);
      const window = await openWindow(testHome);
      await window.sight("list");
      const opened = Date.now();
      await window.evaluate(`document.querySelector('[role="treeitem"][aria-level="2"]').click()`);
      while ((await window.evaluate<number>(`document.querySelectorAll("[data-message]").length`)) === 0)
        await sleep(4);
      const open = Date.now() - opened;
      await window.evaluate(watchFrames);
      const place = await window.evaluate<{ x: number; y: number }>(
        `(() => { const { x, y, width, height } = document.querySelector(".log").getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 }; })()`,
      );
      const before = await window.evaluate<number>(oldestDrawn);
      let stuck = 0;
      const end = Date.now() + seconds * 1000;
      while (Date.now() < end) {
        await window.page.call("Input.dispatchMouseEvent", { type: "mouseWheel", ...place, deltaX: 0, deltaY: -turn });
        await sleep(turnEvery);
        if ((await window.evaluate<number>(`document.querySelector(".log").scrollTop`)) < 1) stuck += 1;
      }
      const passed = before - (await window.evaluate<number>(oldestDrawn));
      const longest = await window.evaluate<number>("benchFrames.longest");
      await window.stop();
      return [
        { what: "The conversation opened", unit: "ms", samples: [open] },
        { what: "Messages passed", unit: "messages", samples: [passed] },
        { what: "Turns of the wheel that found nothing above", unit: "turns", target: 0, samples: [stuck] },
        { what: "Longest frame meanwhile", unit: "ms", target: 100, samples: [longest] },
      ];
    } finally {
      await testHome.remove();
      await world.stop();
    }
  },
};
