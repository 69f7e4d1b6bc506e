import { expect, it, vi } from "vitest";
import type { HistoryMode } from "../../shared/settings/history.ts";
import { everything, type ScopeRules } from "../history/scope.ts";
import { HistoryModes } from "./history-modes.ts";

const internal: ScopeRules = { ...everything, scope: "internal" };

/** Modes over a history that takes its time, and how often the window was told to read its lines again. */
function modes(idle: (mode: HistoryMode) => Promise<void> = async () => undefined) {
  const reread = vi.fn();
  let scope = everything;
  let mode: HistoryMode = "memory";
  const asked = new HistoryModes({
    history: {
      get mode() {
        return mode;
      },
      setMode: async (next) => {
        await new Promise((resolve) => setImmediate(resolve));
        mode = next;
      },
    },
    profile: { all: async () => new Map() },
    conversations: { restore: async () => undefined, reread },
    requests: { purge: async () => undefined },
    messaging: { receiving: { idle: () => idle(mode) } },
    scope: () => scope,
    onTrouble: () => undefined,
  });
  return {
    reread,
    set(next: HistoryMode, rules: ScopeRules): Promise<void> {
      scope = rules;
      return asked.set(next);
    },
  };
}

it("has the window read its lines again only where other rules hold", async () => {
  const { set, reread } = modes();
  await set("memory", everything);
  expect(reread).not.toHaveBeenCalled();
  await set("memory", internal);
  expect(reread).toHaveBeenCalledTimes(1);
  await set("memory", internal);
  expect(reread).toHaveBeenCalledTimes(1);
  await set("encrypted", internal);
  expect(reread).toHaveBeenCalledTimes(2);
});

it("does so, too, for rules that held for a moment only", async () => {
  const { set, reread } = modes();
  await Promise.all([set("memory", internal), set("memory", everything)]);
  expect(reread).toHaveBeenCalled();
  reread.mockClear();
  await set("memory", everything);
  expect(reread).not.toHaveBeenCalled();
});

it("lets the window forget only when all is shown that the mode before has answered", async () => {
  const underway = Promise.withResolvers<void>();
  const asked: HistoryMode[] = [];
  const { set, reread } = modes((mode) => {
    asked.push(mode);
    return mode === "off" ? underway.promise : Promise.resolve();
  });
  const done = set("off", everything);
  await vi.waitFor(() => expect(asked).toEqual(["memory", "off"]));
  await new Promise((resolve) => setImmediate(resolve));
  expect(reread).not.toHaveBeenCalled();
  underway.resolve();
  await done;
  expect(reread).toHaveBeenCalledTimes(1);
});
