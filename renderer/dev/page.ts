import { createFakeMain, type FakeMain } from "./fake-main.ts";
import { scenarios } from "./scenarios.ts";

/**
 * Put before main.js on a page: the window over the fake main, in the scenario named by the address (`#company:fr`).
 */
declare global {
  var fake: FakeMain;
}

const [name = "company", locale = "en-GB"] = location.hash.slice(1).split(":");
const state = name in scenarios ? scenarios[name as keyof typeof scenarios]() : scenarios.company();
globalThis.fake = createFakeMain({ ...state, app: { ...state.app, locale } });
globalThis.hallway = globalThis.fake.transport;
