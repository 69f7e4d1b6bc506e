import { beforeEach, describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { createOpening, nothingUnlocked, type UnlockedParts, workspaceOf } from "./opening.ts";
import { createPolicyApplier } from "./policy-applier.ts";
import type { Workspace } from "./workspace.ts";

const nothing = (): void => undefined;
const log = { debug: nothing, info: nothing, warn: nothing };

describe("a setting that changes", () => {
  type Parts = Parameters<typeof createPolicyApplier>[0];
  let calls: string[];
  let failing: string;
  let unlocked: UnlockedParts;
  let change: (key: string) => void;
  let policyChanged: () => void;
  let unwatch: () => void;

  /** A part that notes its calls, late ones under their names. */
  const part = (name: string): never =>
    new Proxy(() => undefined, {
      get: (_, key: string) => part(name === "" ? key : `${name}.${key}`),
      apply(_target, _this, args: readonly unknown[]) {
        calls.push([name, ...args.filter((one) => typeof one === "string")].join(" "));
        return name === failing ? Promise.reject(new HallwayError("storage-full")) : Promise.resolve(name);
      },
    }) as never;

  beforeEach(() => {
    calls = [];
    failing = "";
    const listeners: { readonly keys: readonly string[] | undefined; readonly tell: (keys: never) => void }[] = [];
    const policyListeners = new Set<() => void>();
    unlocked = {
      ...nothingUnlocked(),
      record: { notice: { pending: true }, audit: part("audit"), lookAtPolicy: part("look at policy") } as never,
      networks: new Map([["xmpp", part("xmpp")]]),
      workspace: part("workspace"),
    };
    const applier = createPolicyApplier({
      settings: {
        get: (key: string) => key,
        records: nothing,
        onChange(keys: readonly string[] | undefined, tell: (keys: never) => void) {
          const entry = { keys, tell };
          listeners.push(entry);
          return () => void listeners.splice(listeners.indexOf(entry), 1);
        },
      } as unknown as Parts["settings"],
      policies: {
        problems: [],
        onChange(tell: () => void) {
          policyListeners.add(tell);
          return () => void policyListeners.delete(tell);
        },
      } as unknown as Parts["policies"],
      unlocked,
      accessRules: { provisioned: part("provisioned") },
      guard: part("guard"),
      desktop: { restrict: () => void calls.push("restrict"), startAtLogin: () => void calls.push("start at login") },
      appStatus: part("status"),
      onTrouble: ({ code }) => void calls.push(`trouble ${code}`),
      log,
    } as Parts);
    change = (key) => {
      for (const { keys, tell } of listeners.filter(({ keys }) => keys?.includes(key) ?? true))
        tell((keys ?? []) as never);
    };
    policyChanged = () => {
      for (const tell of policyListeners) tell();
    };
    unwatch = applier.watch();
  });

  const applied = [
    "status.notices",
    "xmpp.applyPolicy",
    "workspace.exports.applyPolicy",
    "workspace.accounts.applyPolicy",
  ];
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it.each<[string, readonly string[]]>([
    ["ContentRules", ["guard.changed"]],
    ["AllowedDomains", ["guard.changed", "workspace.retention.applyPolicy", "workspace.setHistoryMode HistoryMode"]],
    ["PresenceSharing", [...applied, "provisioned", "workspace.accounts.provision provisioned"]],
    ["AuditEvents", ["audit.applyPolicy", "look at policy"]],
    ["AuditHashChainEnabled", ["audit.applyPolicy", "look at policy"]],
    ["IdleSharingEnabled", ["workspace.accounts.announce"]],
    ["Language", ["workspace.accounts.announce"]],
    ["StrangerContentMode", ["workspace.showStrangers"]],
    ["HistoryRetentionDays", ["workspace.retention.applyPolicy"]],
    ["ClipboardEnabled", ["restrict"]],
    ["ScreenCaptureEnabled", ["restrict"]],
    ["StartAtLogin", ["start at login"]],
    ["HistoryMode", ["workspace.setHistoryMode HistoryMode"]],
    ["HistoryScope", ["workspace.setHistoryMode HistoryMode"]],
    ["NotificationsEnabled", []],
  ])("%s is told to the window and to whom it concerns, and to nobody else", async (key, told) => {
    change(key);
    await settled();
    expect(calls).toEqual(["status.settings", ...told]);
  });

  it("by policy is looked at by the record and applied to everything that stands", async () => {
    policyChanged();
    await settled();
    expect(calls).toEqual([
      ...["look at policy", "status.policyChanged", ...applied],
      ...["provisioned", "workspace.accounts.provision provisioned"],
    ]);
  });

  it("reaches what is open alone", async () => {
    Object.assign(unlocked, nothingUnlocked());
    policyChanged();
    for (const key of ["AuditEvents", "Language", "StrangerContentMode", "HistoryMode"]) change(key);
    await settled();
    expect(calls.filter((call) => call !== "status.settings")).toEqual(["status.policyChanged", "status.notices"]);
  });

  it.each([
    ["look at policy", "AuditEvents"],
    ["workspace.retention.applyPolicy", "HistoryRetentionDays"],
    ["workspace.setHistoryMode", "HistoryMode"],
    ["workspace.accounts.applyPolicy", "PresenceSharing"],
    ["workspace.accounts.provision", "PresenceSharing"],
  ])("is told as trouble where %s fails", async (name, key) => {
    failing = name;
    change(key);
    await settled();
    expect(calls.filter((call) => call.startsWith("trouble"))).toEqual(["trouble storage-full"]);
  });

  it("is followed until it is watched no longer", () => {
    unwatch();
    change("HistoryMode");
    policyChanged();
    expect(calls).toEqual([]);
  });
});

describe("what stands behind the vault", () => {
  const key = new Uint8Array(1);
  let vault: { state: { state: string }; key: Uint8Array | undefined };
  let shown: string[];
  let opens: PromiseWithResolvers<Workspace>[];
  let unlocked: UnlockedParts;
  let opening: ReturnType<typeof createOpening>;

  beforeEach(() => {
    vault = { state: { state: "ready" }, key };
    shown = [];
    opens = [];
    unlocked = nothingUnlocked();
    opening = createOpening({
      vault: vault as never,
      unlocked,
      open() {
        const made = Promise.withResolvers<Workspace>();
        opens.push(made);
        return made.promise;
      },
      appStatus: {
        vault: (state) => void shown.push("error" in state ? `${state.state} ${state.error.code}` : state.state),
      },
      log,
    });
  });
  const workspace = (close = async (): Promise<void> => undefined) => ({ close }) as unknown as Workspace;

  it("is opened once the vault is, and once", async () => {
    vault = Object.assign(vault, { state: { state: "locked" }, key: undefined });
    opening.follow();
    Object.assign(vault, { state: { state: "ready" } });
    opening.follow();
    expect([opens.length, shown]).toEqual([0, ["locked", "ready"]]);
    Object.assign(vault, { state: { state: "locked" }, key });
    opening.follow();
    Object.assign(vault, { state: { state: "ready" } });
    opening.follow();
    opening.follow();
    expect(opens).toHaveLength(1);
    const made = workspace();
    opens[0]?.resolve(made);
    expect(await opening.opened).toBe(made);
    expect(shown).toEqual(["locked", "ready", "locked"]);
  });

  it("is tried again where it could not be opened, and nothing of the first time is left", async () => {
    const first = opening.opened;
    opening.follow();
    unlocked.profile = {} as never;
    opens[0]?.reject(new HallwayError("storage-full"));
    await expect(first).rejects.toMatchObject({ code: "storage-full" });
    expect([shown, unlocked.profile]).toEqual([["failed storage-full"], undefined]);
    expect(() => workspaceOf(unlocked)).toThrow("vault-locked");
    const second = opening.opened;
    opening.follow();
    const made = workspace();
    opens[1]?.resolve(made);
    expect(await second).toBe(made);
  });

  it("that fails after it was closed leaves alone what is opened anew", async () => {
    opening.follow();
    const first = opening.opened;
    await opening.close();
    opening.follow();
    const again = opening.opened;
    opens[0]?.reject(new HallwayError("storage-full"));
    await expect(first).rejects.toMatchObject({ code: "storage-full" });
    opening.follow();
    expect([opens.length, shown]).toEqual([2, []]);
    const made = workspace();
    opens[1]?.resolve(made);
    expect(await again).toBe(made);
  });

  it("is opened anew only once it has been closed, and whoever asks meanwhile waits", async () => {
    opening.follow();
    const closing = Promise.withResolvers<void>();
    const made = workspace(() => closing.promise);
    unlocked.workspace = made;
    opens[0]?.resolve(made);
    expect(workspaceOf(unlocked)).toBe(made);
    const closed = opening.close();
    const again = opening.opened;
    opening.follow();
    expect([opens.length, unlocked.workspace]).toEqual([1, undefined]);
    closing.resolve();
    await closed;
    opening.follow();
    expect(opens).toHaveLength(2);
    const next = workspace();
    opens[1]?.resolve(next);
    expect(await again).toBe(next);
  });
});
