import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settings as declarations } from "../../shared/settings/declaration.ts";
import { createPolicies } from "./policies.ts";
import { fakeSource, nextChange, reading, SettingsFixture } from "./settings.test-helper.ts";
import type { PolicySource } from "./sources/source.ts";

const key = new Uint8Array(randomBytes(32));
const fixture = new SettingsFixture();

describe("policies", () => {
  it("keep the last good snapshot while the source cannot be read whole, and say why", async () => {
    const source = fakeSource(reading({ HistoryMode: "off" }));
    const { policies, settings } = await fixture.start(source);
    const told = new Promise<void>((resolve) => policies.onChange(resolve));
    source.change(reading({}, false));
    await told;
    expect(settings.get("HistoryMode")).toBe("off");
    expect(policies.problems).toEqual([
      { kind: "malformed", source: "/etc/a.json", line: 2, detail: "Line 2: something." },
    ]);
  });

  it("remember it over a restart, authenticated, and count no other", async () => {
    const path = join(fixture.folder, "policy.json");
    const first = await fixture.start(fakeSource(reading({ HistoryMode: "off" })), path);
    await first.policies.useKey(key);
    const text = await readFile(path, "utf8");

    const second = await fixture.start(fakeSource(reading({}, false)), path);
    expect(second.settings.get("FederationMode")).toBe("none");
    await second.policies.useKey(key);
    expect([second.settings.get("HistoryMode"), second.settings.get("FederationMode")]).toEqual(["off", "open"]);

    await writeFile(path, text.replaceAll("off", "memory"));
    const third = await fixture.start(fakeSource(reading({}, false)), path);
    await third.policies.useKey(key);
    expect([third.settings.get("HistoryMode"), third.settings.get("FederationMode")]).toEqual(["off", "none"]);

    await writeFile(path, text);
    const fourth = await fixture.start(fakeSource(reading({}, false)), path);
    await fourth.policies.useKey(new Uint8Array(32));
    expect([fourth.settings.get("HistoryMode"), fourth.settings.get("FederationMode")]).toEqual(["off", "none"]);
  });

  it("take no reading for good that began before the kept policy's key was known", async () => {
    const path = join(fixture.folder, "policy.json");
    // Large, so that it is not read from the disk at once.
    const signed = {
      PolicyPublicKey: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
      HistoryMode: "off",
      SupportContact: "x".repeat(8_000_000),
    };
    const first = await fixture.start(fakeSource(reading(signed)), path);
    await first.policies.useKey(key);

    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const loose = fakeSource(reading({ HistoryMode: "encrypted" }));
    const source: PolicySource = {
      watch: (changed) => loose.watch(changed),
      // As the reader of files does: with a key known, what it has not signed is not whole.
      async read(publicKey) {
        if (publicKey !== undefined) return reading({}, false);
        loose.reads += 1;
        if (loose.reads > 1) await held;
        return loose.now;
      },
    };
    const second = createPolicies({ source, snapshotPath: path, settle: 0 });
    fixture.closeAtEnd(second);
    await second.start();
    const opened = second.useKey(key);
    // While the kept one is read from the disk, another reading is asked for; it ends when that one has been read.
    loose.change(loose.now);
    await new Promise((resolve) => setTimeout(resolve, 100));
    release();
    await opened;
    expect(second.snapshot.mandatory.get("HistoryMode")?.value).toBe("off");
    const third = await fixture.start(fakeSource(reading({}, false)), path);
    await third.policies.useKey(key);
    expect(third.settings.get("HistoryMode")).toBe("off");
  });

  it("keep a conflict in the snapshot, so that a restart does not end the restricted values", async () => {
    const path = join(fixture.folder, "policy.json");
    const found = reading({ FederationMode: "open" });
    const value = { value: "open", source: "/etc/b.json", conflict: "/etc/a.json" };
    const conflicted = { ...found, snapshot: { ...found.snapshot, mandatory: new Map([["FederationMode", value]]) } };
    const first = await fixture.start(fakeSource(conflicted), path);
    await first.policies.useKey(key);
    expect(first.settings.get("FederationMode")).toBe("none");
    const second = await fixture.start(fakeSource(reading({}, false)), path);
    await second.policies.useKey(key);
    expect([second.settings.get("FederationMode"), second.settings.get("BlockedDomains")]).toEqual(["none", ["*"]]);
  });

  it("do without a snapshot when nothing was ever good, with what can be read", async () => {
    const { settings } = await fixture.start(
      fakeSource(reading({ HistoryMode: "memory", ReceiptsEnabled: false }, false)),
    );
    expect(settings.get("HistoryMode")).toBe("memory");
    // The mandatory value of a key that may only be tightened counts as ever.
    expect(settings.records(["ReceiptsEnabled"])).toMatchObject([
      { value: false, origin: "policy", source: "/etc/a.json" },
    ]);
  });

  it("take the strictest of all that a place may say that nobody could ever read, and let go of it once it can be", async () => {
    const source = fakeSource(reading({ OrganizationName: "Example Bank" }, false));
    const { policies, settings } = await fixture.start(source);
    expect(policies.connectionsAllowed).toBe(false);
    for (const [name, declaration] of Object.entries(declarations)) {
      const [record] = settings.records([name as keyof typeof declarations]);
      if (declaration.policy === "none" || name === "OrganizationName") continue;
      expect([name, settings.get(name as keyof typeof declarations), record?.origin, record?.locked]).toEqual([
        name,
        declaration.restricted,
        "policy",
        true,
      ]);
      expect(record?.error).toEqual({
        code: "policy-invalid",
        params: { setting: name, source: "/etc/a.json", unread: "/etc/a.json" },
      });
    }
    expect(settings.get("OrganizationName")).toBe("Example Bank");
    const changed = nextChange(settings);
    source.change(reading({ OrganizationName: "Example Bank" }));
    await changed;
    expect([policies.connectionsAllowed, settings.get("FederationMode")]).toEqual([true, "open"]);
  });

  it("take it so where there was no policy before either, and not where only recommendations cannot be read", async () => {
    const path = join(fixture.folder, "policy.json");
    const source = fakeSource(reading({}));
    const { policies, settings } = await fixture.start(source, path);
    await policies.useKey(key);
    const changed = nextChange(settings);
    source.change(reading({}, false));
    await changed;
    expect([policies.connectionsAllowed, settings.get("HistoryExportEnabled")]).toEqual([false, false]);

    const { unread: _, ...recommendations } = reading({}, false);
    const other = await fixture.start(fakeSource(recommendations), join(fixture.folder, "other.json"));
    expect([other.policies.connectionsAllowed, other.settings.get("HistoryExportEnabled")]).toEqual([true, true]);
  });

  it("wait until changes settle, but not for ever", async () => {
    const source = fakeSource(reading({}));
    const { settings } = await fixture.start(source);
    const before = source.reads;
    const changed = nextChange(settings);
    const busy = setInterval(() => source.change(reading({ HistoryMode: "off" })), 2);
    await changed;
    clearInterval(busy);
    expect(source.reads - before).toBe(1);
  });

  it("allow no connection when a required policy is gone, also after a restart, and keep what it said", async () => {
    const path = join(fixture.folder, "policy.json");
    const source = fakeSource(reading({ PolicyRequired: true, HistoryMode: "off" }));
    const first = await fixture.start(source, path);
    await first.policies.useKey(key);
    expect(first.policies.connectionsAllowed).toBe(true);
    const told = new Promise<void>((resolve) => first.policies.onChange(resolve));
    source.change(reading({}));
    await told;
    expect([first.policies.connectionsAllowed, first.settings.get("HistoryMode")]).toEqual([false, "off"]);
    expect(first.policies.problems).toMatchObject([
      { kind: "unreadable", source: "/etc/a.json", key: "PolicyRequired" },
    ]);

    const second = await fixture.start(fakeSource(reading({})), path);
    await second.policies.useKey(key);
    expect([second.policies.connectionsAllowed, second.settings.get("HistoryMode")]).toEqual([false, "off"]);

    const third = await fixture.start(
      fakeSource(reading({ OrganizationName: "Example Bank", PolicyRequired: false })),
      path,
    );
    await third.policies.useKey(key);
    expect([third.policies.connectionsAllowed, third.settings.get("HistoryMode")]).toEqual([true, "encrypted"]);
    const fourth = await fixture.start(fakeSource(reading({})), path);
    await fourth.policies.useKey(key);
    expect(fourth.policies.connectionsAllowed).toBe(true);
  });

  it("allow connections under the last good policy while the source is only damaged, and none where none was ever good", async () => {
    const source = fakeSource(reading({ PolicyRequired: true }));
    const { policies } = await fixture.start(source);
    const told = new Promise<void>((resolve) => policies.onChange(resolve));
    source.change(reading({}, false));
    await told;
    expect(policies.connectionsAllowed).toBe(true);
    for (const required of [true, "yes", null])
      expect(
        (await fixture.start(fakeSource(reading({ PolicyRequired: required }, false)))).policies.connectionsAllowed,
      ).toBe(false);
    expect(
      (await fixture.start(fakeSource(reading({ PolicyRequired: false }, false)))).policies.connectionsAllowed,
    ).toBe(true);
    expect((await fixture.start(fakeSource(reading({}, false)))).policies.connectionsAllowed).toBe(false);
  });

  it("remember the key that must have signed the policy, and hand it to the source before anything else counts", async () => {
    const path = join(fixture.folder, "policy.json");
    const first = await fixture.start(fakeSource(reading({ PolicyPublicKey: "the key", HistoryMode: "off" })), path);
    await first.policies.useKey(key);
    const before = await readFile(path, "utf8");

    // An unsigned policy: whole for who knows no key, incomplete for who does.
    const asked: unknown[] = [];
    const unsigned: PolicySource = {
      async read(publicKey) {
        asked.push(publicKey);
        return reading({ HistoryMode: "encrypted" }, publicKey === undefined);
      },
      watch: () => () => undefined,
    };
    const second = await fixture.start(unsigned, path);
    await second.policies.useKey(key);
    expect(asked).toEqual([undefined, "the key"]);
    expect(second.settings.get("HistoryMode")).toBe("off");
    expect(await readFile(path, "utf8")).toBe(before);
  });
});
