import { describe, expect, it } from "vitest";
import { settings as declarations } from "../../shared/settings/declaration.ts";
import { fakeSource, nextChange, reading, SettingsFixture, userSettings } from "./settings.test-helper.ts";

const fixture = new SettingsFixture();

describe("settings", () => {
  it("follow the policy live, as a difference, and say who manages them", async () => {
    const source = fakeSource(reading({}));
    const { settings } = await fixture.start(source);
    expect(settings.get("HistoryMode")).toBe("encrypted");
    const heard: (readonly string[])[] = [];
    settings.onChange(["HistoryMode"], (changed) => heard.push(changed));
    settings.onChange(["Theme"], () => expect.unreachable());
    const changed = nextChange(settings);
    source.change(reading({ HistoryMode: "off", OrganizationName: "Example Bank" }));
    expect([...(await changed)].sort()).toEqual(["HistoryMode", "OrganizationName"]);
    expect(heard).toEqual([["HistoryMode"]]);
    expect(settings.get("HistoryMode")).toBe("off");
    expect(settings.records(["HistoryMode"])).toEqual([
      {
        id: "HistoryMode",
        value: "off",
        origin: "policy",
        locked: true,
        managedBy: "Example Bank",
        source: "/etc/a.json",
      },
    ]);
    expect(settings.records()).toHaveLength(Object.keys(declarations).length);
    const back = nextChange(settings);
    source.change(reading({}));
    await back;
    expect(settings.get("HistoryMode")).toBe("encrypted");
  });

  it("keep the person's choice, under the policy and after it", async () => {
    const source = fakeSource(reading({}));
    const { settings } = await fixture.start(source);
    await expect(settings.set("HistoryMode", "memory")).rejects.toMatchObject({ code: "vault-locked" });
    const store = userSettings();
    store.kept.set("Theme", '"dark"').set("Language", "{broken").set("ShowOffline", '"not a boolean"').set("Gone", "1");
    await settings.useStore(store);
    expect([settings.get("Theme"), settings.get("Language"), settings.get("ShowOffline")]).toEqual([
      "dark",
      "system",
      true,
    ]);
    await settings.set("HistoryMode", "memory");
    expect(store.kept.get("HistoryMode")).toBe('"memory"');
    expect(settings.records(["HistoryMode"])[0]).toEqual({
      id: "HistoryMode",
      value: "memory",
      origin: "user",
      locked: false,
    });
    const locked = nextChange(settings);
    source.change(reading({ HistoryMode: "off" }));
    await locked;
    await expect(settings.set("HistoryMode", "memory")).rejects.toMatchObject({
      code: "locked-by-policy",
      params: { setting: "HistoryMode" },
    });
    await expect(settings.set("HistoryMode", null)).rejects.toMatchObject({ code: "locked-by-policy" });
    const free = nextChange(settings);
    source.change(reading({}));
    await free;
    expect(settings.get("HistoryMode")).toBe("memory");
    await settings.set("HistoryMode", null);
    expect([settings.get("HistoryMode"), store.kept.has("HistoryMode")]).toEqual(["encrypted", false]);
  });

  it("leave the tighter choices to the person where policy may only tighten", async () => {
    const source = fakeSource(reading({}));
    const { settings } = await fixture.start(source);
    await settings.useStore(userSettings());
    const changed = nextChange(settings);
    source.change(reading({ PresenceSharing: "groups" }));
    await changed;
    expect(settings.records(["PresenceSharing"])[0]).toMatchObject({
      value: "groups",
      origin: "policy",
      locked: false,
    });
    await expect(settings.set("PresenceSharing", "contacts")).rejects.toMatchObject({ code: "locked-by-policy" });
    await settings.set("PresenceSharing", "nobody");
    expect(settings.records(["PresenceSharing"])[0]).toMatchObject({ value: "nobody", origin: "user", locked: false });
    await expect(settings.set("PresenceSharing", "contacts")).rejects.toMatchObject({ code: "locked-by-policy" });
    await settings.set("PresenceSharing", null);
    expect(settings.get("PresenceSharing")).toBe("groups");
    const free = nextChange(settings);
    source.change(reading({ PresenceSharing: "contacts" }));
    await free;
    expect(settings.records(["PresenceSharing"])[0]).toMatchObject({
      value: "contacts",
      origin: "default",
      locked: false,
    });
    await settings.set("PresenceSharing", "contacts");
    expect(settings.get("PresenceSharing")).toBe("contacts");
  });

  it("refuse what is not valid, not the person's, or could not be kept", async () => {
    const { settings } = await fixture.start(fakeSource(reading({})));
    const store = userSettings();
    await settings.useStore(store);
    await expect(settings.set("HistoryMode", "sometimes")).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(settings.set("OrganizationName", "Me")).rejects.toMatchObject({ code: "not-allowed" });
    store.fail = true;
    await expect(settings.set("Theme", "dark")).rejects.toThrow("disk");
    expect(settings.get("Theme")).toBe("system");
    store.fail = false;
    await Promise.all([settings.set("Theme", "dark"), settings.set("Theme", "light")]);
    expect([settings.get("Theme"), store.kept.get("Theme")]).toEqual(["light", '"light"']);
  });
});
