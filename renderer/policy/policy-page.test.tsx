// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { settingKeys, settings } from "../../shared/settings/declaration.ts";
import { createWords } from "../../shared/words/words.ts";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import type { FakeState } from "../dev/fake-store.ts";
import { scenarios } from "../dev/scenarios.ts";
import { Window } from "../frame/window.tsx";
import { ManagedNote } from "./managed-note.tsx";
import { PolicyPage } from "./policy-page.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

async function open(state: FakeState): Promise<void> {
  drawn = draw(state, () => <PolicyPage />);
  drawn.app.replica.start();
  await vi.waitFor(() => expect(entries().length).toBeGreaterThan(0));
}

const entries = (): HTMLElement[] => [...drawn.root.querySelectorAll<HTMLElement>(".policy-entry")];
const entry = (key: string): string => drawn.root.querySelector(`[data-setting="${key}"]`)?.textContent ?? "";
const section = (id: string): string[] =>
  [...drawn.root.querySelectorAll<HTMLElement>(`[aria-labelledby="policy-${id}"] .policy-entry`)].map(
    (item) => item.dataset["setting"] ?? "",
  );

describe("the policy page", () => {
  it("lists every setting once, with its value, who decided it, where that stands and what it overrules", async () => {
    await open(scenarios.governed());
    await vi.waitFor(() => expect(section("mandatory")).toContain("HistoryMode"));
    expect(
      entries()
        .map((item) => item.dataset["setting"])
        .sort(),
    ).toEqual([...settingKeys].sort());
    expect(section("recommended")).toEqual(["IdleLockMinutes"]);
    for (const words of [
      "Keep chats",
      "Until you quit Hallway",
      "Mandatory policy",
      "/etc/hallway/policies/managed/10-bank.json",
      "You cannot change this.",
    ])
      expect(entry("HistoryMode")).toContain(words);
    expect(entry("HistoryMode")).toContain(
      "Not at all (Mandatory policy) /etc/hallway/policies/managed/00-all.json, line 4",
    );
    expect(entry("HistoryMode")).toContain("On this computer, encrypted (Your own choice)");
    expect(entry("Theme")).toContain("You may choose something else.");
  });

  it("says who manages it, whom to ask, what is wrong, and that nothing connects", async () => {
    await open(scenarios.governed());
    const { root } = drawn;
    await vi.waitFor(() => expect(root.textContent).toContain("Managed by Example Bank"));
    expect(root.textContent).toContain("Questions: helpdesk@bank.example");
    expect(entry("AllowedDomains")).toContain("(AllowedDomains[1])");
    expect(root.querySelector(".policy-problems")?.textContent).toContain(
      "/etc/hallway/policies/managed/10-bank.json, line 12",
    );
    expect(root.querySelector('[role="alert"]')?.textContent).toContain("all accounts stay offline");
  });

  it("says of a rule about what this version cannot do that nothing of it happens", async () => {
    const planned = settingKeys.find((key) => settings[key].status === "not-in-this-version");
    if (planned === undefined) throw new Error("every rule has its subject now: take this test out");
    await open({
      settings: [{ id: planned, value: settings[planned].example, origin: "policy", locked: true, source: "/x.json" }],
    });
    await vi.waitFor(() => expect(section("mandatory")).toEqual([planned]));
    expect(entry(planned)).toContain(createWords("en").t("policy.absent"));
  });

  it("finds a setting by its name in words or for IT, and says when there is none", async () => {
    await open({});
    expect(drawn.root.textContent).toContain("No policy is in force");
    const box = drawn.root.querySelector<HTMLInputElement>('[role="searchbox"]');
    if (box === null) throw new Error("no search box");
    type(box, "historymode");
    await vi.waitFor(() => expect(entries().map((item) => item.dataset["setting"])).toEqual(["HistoryMode"]));
    type(box, "conversations keep");
    await vi.waitFor(() => expect(section("rest")).toContain("HistoryMode"));
    type(box, "zzz");
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("No setting matches “zzz”."));
  });

  it("asks again when the policy changes, and offers to when it could not be shown", async () => {
    await open({});
    const asked = (): number => drawn.fake.calls.filter(({ method }) => method === "policy.page").length;
    const button = (): HTMLButtonElement | undefined =>
      [...drawn.root.querySelectorAll("button")].find((found) => found.textContent === "Try again");
    // The first asks follow the snapshot.
    await vi.waitFor(() => {
      expect(drawn.app.replica.ready.value).toBe(true);
      expect(asked()).toBeGreaterThan(1);
    });
    const before = asked();
    drawn.fake.publish([{ op: "patch", table: "app", id: "app", fields: { policy: 7 } }]);
    await vi.waitFor(() => expect(asked()).toBe(before + 1));
    drawn.fake.failNext("policy.page", { code: "internal" });
    drawn.fake.publish([{ op: "patch", table: "app", id: "app", fields: { policy: 8 } }]);
    await vi.waitFor(() => expect(button()).toBeDefined());
    button()?.click();
    await vi.waitFor(() => expect(button()).toBeUndefined());
    expect(asked()).toBe(before + 3);
  });

  it("is reached from whatever is managed", async () => {
    drawn = draw({}, () => <ManagedNote management={{ organization: "Example Bank", contact: undefined }} />);
    drawn.root.querySelector("button")?.click();
    expect([drawn.app.ui.view.value, drawn.app.ui.settingsPage.value, drawn.app.ui.pane.value]).toEqual([
      "settings",
      "policy",
      "main",
    ]);
    drawn.app.actions.show("settings");
    expect(drawn.app.ui.settingsPage.value).toBe("settings");
  });

  it("is reached before there is an account, and leads back, with what keeps an account from being made", async () => {
    const gap = "${email}";
    const incomplete = [{ code: "account-incomplete" as const, params: { account: "Example Bank", gap } }];
    drawn = draw(
      {
        settings: [{ id: "AccountManagementEnabled", value: false, origin: "policy", locked: true }],
        app: { incomplete },
      },
      () => <Window />,
    );
    drawn.app.replica.start();
    const { root } = drawn;
    const button = (label: string): HTMLButtonElement | undefined =>
      [...root.querySelectorAll("button")].find(({ textContent }) => textContent?.trim() === label);
    await vi.waitFor(() =>
      expect(root.querySelector('[role="alert"]')?.textContent).toContain(
        `(Example Bank), but Hallway cannot create it here: the value of ${gap} is not known.`,
      ),
    );
    button("See every rule")?.click();
    await vi.waitFor(() => expect(entries().length).toBe(settingKeys.length));
    expect(document.activeElement?.textContent).toBe("Policy");
    button("Back")?.click();
    await vi.waitFor(() => expect(button("See every rule")).toBeDefined());
  });

  it("is not hidden by the dialog that the link stands in", () => {
    drawn = draw({}, () => <ManagedNote management={{ organization: undefined, contact: undefined }} />);
    drawn.app.ui.dialog.value = { kind: "add-account" };
    drawn.root.querySelector("button")?.click();
    expect(drawn.app.ui.dialog.value).toBeUndefined();
  });

  it("says which two places contradict each other, and what would be valid", async () => {
    const conflict = { setting: "FederationMode", path: "FederationMode", source: "/b.json", conflict: "/a.json:2" };
    const policy = { origin: "policy", locked: true } as const;
    await open({
      settings: [
        { ...policy, id: "FederationMode", value: "none", error: { code: "policy-invalid", params: conflict } },
        {
          ...policy,
          id: "HistoryMode",
          value: "off",
          error: { code: "policy-invalid", params: { setting: "HistoryMode", path: "HistoryMode" } },
        },
      ],
    });
    expect(drawn.root.textContent).toContain(
      "Two places set different values for FederationMode (/b.json and /a.json:2)",
    );
    expect(drawn.root.textContent).toContain('Valid: "encrypted", "memory", "off".');
  });
});
