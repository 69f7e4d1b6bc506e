import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { settings as declarations } from "../../shared/settings/declaration.ts";
import { createPolicies, type Policies } from "./policies.ts";
import { createSettings, type Settings, type UserSettings } from "./settings.ts";
import type { PolicyReading, PolicySource } from "./sources/source.ts";

/** A reading of a source, whole or with one damaged file. */
export function reading(mandatory: Record<string, unknown>, complete = true): PolicyReading {
  const problems = complete
    ? []
    : [{ kind: "malformed" as const, source: "/etc/a.json", line: 2, detail: "Line 2: something." }];
  return {
    snapshot: {
      mandatory: new Map(Object.entries(mandatory).map(([name, value]) => [name, { value, source: "/etc/a.json" }])),
      recommended: new Map(),
    },
    complete,
    problems,
    ...(complete ? {} : { unread: "/etc/a.json" }),
  };
}

/** A source that is changed by hand. */
export function fakeSource(
  first: PolicyReading,
): PolicySource & { now: PolicyReading; reads: number; change(next: PolicyReading): void } {
  const listeners = new Set<() => void>();
  return {
    now: first,
    reads: 0,
    async read() {
      this.reads += 1;
      return this.now;
    },
    watch(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    change(next) {
      this.now = next;
      for (const listener of listeners) listener();
    },
  };
}

/** The person's choices, kept in memory. */
export function userSettings(): UserSettings & { readonly kept: Map<string, string>; fail: boolean } {
  const kept = new Map<string, string>();
  return {
    kept,
    fail: false,
    load: async () => kept,
    async save(name, json) {
      if (this.fail) throw new Error("disk");
      if (json === undefined) kept.delete(name);
      else kept.set(name, json);
    },
  };
}

/** Settings of one test file over a folder of their own; each test closes what it has opened. */
export class SettingsFixture {
  folder = "";
  #open: (Policies | Settings<typeof declarations>)[] = [];

  constructor() {
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), "hallway-settings-"));
    });
    afterEach(async () => {
      for (const one of this.#open) one.close();
      this.#open = [];
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  async start(
    source: PolicySource,
    snapshotPath = join(this.folder, "policy.json"),
  ): Promise<{ policies: Policies; settings: Settings<typeof declarations> }> {
    const policies = createPolicies({ source, snapshotPath, settle: 10 });
    const settings = createSettings({ declarations, policies });
    this.closeAtEnd(settings);
    this.closeAtEnd(policies);
    await policies.start();
    return { policies, settings };
  }

  closeAtEnd(one: Policies | Settings<typeof declarations>): void {
    this.#open.push(one);
  }
}

/** Names of the settings that change next. */
export function nextChange(settings: Settings<typeof declarations>): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const stop = settings.onChange(undefined, (changed) => {
      stop();
      resolve(changed);
    });
  });
}
