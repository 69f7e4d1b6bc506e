import { appendFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import type { Profile } from "../profile/profile.ts";
import { PolicyAudit } from "../record/audit/policy-audit.ts";
import { lintFiles } from "./lint.ts";
import { createPolicies } from "./policies.ts";
import { SnapshotFile } from "./snapshot-file.ts";
import { emptySnapshot, type PolicySnapshot } from "./sources/source.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-settings-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

it("a kept policy of 64 MiB is read, and none that is larger", async () => {
  const path = join(folder, "policy");
  const file = new SnapshotFile(path, new Uint8Array(32));
  const snapshot: PolicySnapshot = {
    mandatory: new Map([["HistoryMode", { value: "off", source: "a" }]]),
    recommended: new Map(),
  };
  await file.write(snapshot);
  expect(await file.read()).toEqual(snapshot);
  await appendFile(path, " ".repeat(64 * 1024 * 1024 - (await stat(path)).size));
  expect(await file.read()).toEqual(snapshot);
  await appendFile(path, " ");
  expect(await file.read()).toBeUndefined();
});

it("a file is tried up to one MiB, and one that is longer is told; the file beside it is tried all the same", async () => {
  const [fits, long] = [join(folder, "fits.json"), join(folder, "long.json")];
  for (const [path, length] of [
    [fits, 1024 * 1024],
    [long, 1024 * 1024 + 1],
  ] as const)
    await writeFile(path, `{"HistoryMode":"off"}${" ".repeat(length - 21)}`);
  const findings = await lintFiles([fits, long], { declarations: settings, recommended: false });
  expect(findings.map(({ file, kind }) => [file, kind]).sort()).toEqual([
    [fits, "sets"],
    [long, "unreadable"],
  ]);
});

it("the audit log shows 1,500 characters of a value, and of a longer one their hash", async () => {
  const shown: string[] = [];
  let length = 1_498;
  const profile = { get: async () => undefined, put: async () => undefined } as unknown as Profile;
  const audit = new PolicyAudit({
    policies: {
      problems: [],
      get snapshot(): PolicySnapshot {
        return {
          mandatory: new Map([["OrganizationName", { value: "n".repeat(length), source: "a" }]]),
          recommended: new Map(),
        };
      },
    },
    profile,
    audit: {
      writes: () => true,
      record: async ({ details }: { details: Record<string, unknown> }) => void shown.push(JSON.stringify(details)),
    },
  } as never);
  await audit.look();
  length = 1_499;
  await audit.look();
  expect(shown.map((text) => text.includes("sha256"))).toEqual([false, true]);
});

it("a folder that never rests is read after six times the settling time", async () => {
  vi.useFakeTimers();
  const read = vi.fn(async () => ({ snapshot: emptySnapshot, complete: true, problems: [] }));
  let told: () => void = () => undefined;
  const policies = createPolicies({
    source: {
      read,
      watch: (listener: () => void) => {
        told = listener;
        return () => undefined;
      },
    } as never,
    snapshotPath: join(folder, "policy"),
    settle: 1_000,
  });
  await (policies as unknown as { start(): Promise<void> }).start();
  read.mockClear();
  for (let n = 0; n < 12; n++) {
    told();
    await vi.advanceTimersByTimeAsync(499);
  }
  expect(read).not.toHaveBeenCalled();
  told();
  await vi.advanceTimersByTimeAsync(12);
  expect(read).toHaveBeenCalledTimes(1);
  policies.close();
});
