// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { AccountRecord } from "../../shared/model/account.ts";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { sipAccount, xmppAccount } from "../dev/people.ts";
import { Banners } from "../frame/banners.tsx";
import { Window } from "../frame/window.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const failed = (account: AccountRecord, code: ErrorInfo["code"], more: Partial<AccountRecord> = {}): AccountRecord => ({
  ...account,
  ...more,
  state: "failed",
  error: { code },
});
const text = (): string => drawn.root.textContent ?? "";
const fields = (): HTMLInputElement[] => [...drawn.root.querySelectorAll<HTMLInputElement>("input[type=password]")];
const become = (id: string, fields: Partial<AccountRecord> | { readonly error: ErrorInfo | null }): void =>
  drawn.fake.publish([{ op: "patch", table: "accounts", id, fields }]);

async function enter(index: number, password: string): Promise<void> {
  const field = fields()[index];
  if (field === undefined) throw new Error("There is no field");
  field.focus();
  type(field, password);
  await vi.waitFor(() => expect(field.value).toBe(password));
  field.form?.requestSubmit();
  await vi.waitFor(() => expect(drawn.fake.calls.at(-1)?.method).toBe("accounts.setPassword"));
}

describe.each([
  ["XMPP", xmppAccount],
  ["SIMPLE", sipAccount],
])("an account on %s whose password was refused", (_, account) => {
  it("is named with a field for the password, not called offline, and takes the focus from nobody", async () => {
    drawn = draw({ accounts: [failed(account, "wrong-password")] }, () => <Banners />);
    await vi.waitFor(() => expect(text()).toContain(`The server did not accept the password for ${account.address}.`));
    expect(text()).not.toContain("You are offline");
    // Whole, though a hyphen may stand in it.
    expect(drawn.root.querySelector(".password-reason bdi")?.textContent).toBe(account.address);
    expect(drawn.root.querySelector("label")?.textContent).toBe(`Password for ${account.address}`);
    expect(document.activeElement).toBe(document.body);
    await enter(0, "right");
    expect(drawn.fake.calls.at(-1)?.args).toEqual({ accountId: account.id, password: "right" });
  });

  it.each([
    ["password-expired", `The password for ${account.address} has expired. Change it where`],
    ["account-refused", `The server refused the account ${account.address}. It does not say why`],
    ["sign-in-refused", `The server rejected the sign-in of ${account.address} without giving a reason. `],
  ] as const)("is named with what is known after %s", async (code, sentence) => {
    drawn = draw({ accounts: [failed(account, code)] }, () => <Banners />);
    await vi.waitFor(() => expect(text()).toContain(sentence));
    expect(fields()).toHaveLength(1);
  });

  it("has the text selected when it is refused again, and goes when it is connected", async () => {
    drawn = draw({ accounts: [failed(account, "wrong-password")] }, () => <Banners />);
    await vi.waitFor(() => expect(fields()).toHaveLength(1));
    await enter(0, "wrong again");
    become(account.id, { state: "connecting", error: null });
    await vi.waitFor(() => expect(text()).toContain("Connecting…"));
    // It stays under the hands of who typed it.
    expect(document.activeElement).toBe(fields()[0]);
    become(account.id, { state: "failed", error: { code: "wrong-password" } });
    await vi.waitFor(() => expect(text()).not.toContain("Connecting…"));
    const [field] = fields();
    expect(document.activeElement).toBe(field);
    await vi.waitFor(() => expect([field?.selectionStart, field?.selectionEnd]).toEqual([0, "wrong again".length]));
    become(account.id, { state: "connecting", error: null });
    become(account.id, { state: "online" });
    await vi.waitFor(() => expect(text()).toBe(""));
  });
});

describe("several accounts", () => {
  it("are each asked for, the others are not spoken of, and one that signed in hands the focus to the next", async () => {
    drawn = draw({ accounts: [failed(xmppAccount, "wrong-password"), failed(sipAccount, "password-needed")] }, () => (
      <Banners />
    ));
    await vi.waitFor(() => expect(fields()).toHaveLength(2));
    expect(text()).toContain(`The server did not accept the password for ${xmppAccount.address}.`);
    expect(text()).toContain(`Enter the password for ${sipAccount.address} to sign in.`);
    await enter(0, "right");
    become(xmppAccount.id, { state: "connecting", error: null });
    become(xmppAccount.id, { state: "online" });
    await vi.waitFor(() => expect(fields()).toHaveLength(1));
    await vi.waitFor(() => expect(document.activeElement).toBe(fields()[0]));
    expect(text()).not.toContain(xmppAccount.address);
  });

  it("one without its password is said while another is connected", async () => {
    drawn = draw({ accounts: [xmppAccount, failed(sipAccount, "wrong-password")] }, () => <Banners />);
    await vi.waitFor(() => expect(text()).toContain(sipAccount.address));
    expect(text()).not.toContain(xmppAccount.address);
  });
});

describe("no connection", () => {
  const waiting = (account: AccountRecord, code: ErrorInfo["code"]): AccountRecord => ({
    ...account,
    state: "waiting",
    error: { code },
    retryAt: Date.now() + 90_000,
  });
  it.each([
    ["the server is away", [waiting(xmppAccount, "connection-refused")], `${xmppAccount.address} is not connected.`],
    [
      "all servers are away",
      [waiting(xmppAccount, "timed-out"), waiting(sipAccount, "connection-lost")],
      "None of your 2 accounts is connected.",
    ],
    ["the computer has no network", [waiting(xmppAccount, "no-network")], "You are offline."],
    ["the person chose to be", [{ ...xmppAccount, state: "signed-out" as const }], "You are offline."],
  ])("names what is affected: %s", async (_, accounts, sentence) => {
    drawn = draw({ accounts }, () => <Banners />);
    await vi.waitFor(() => expect(text()).toContain(sentence));
  });

  it("says when the next try is, and tries at once when asked", async () => {
    drawn = draw({ accounts: [waiting(xmppAccount, "connection-refused")] }, () => <Banners />);
    await vi.waitFor(() => expect(text()).toContain("Next try in"));
    drawn.root.querySelector<HTMLButtonElement>(".banner button")?.click();
    await vi.waitFor(() => expect(drawn.fake.calls.at(-1)?.method).toBe("accounts.retry"));
  });
});

describe("a first start with accounts that the organization set up", () => {
  const provisioned = (account: AccountRecord): AccountRecord =>
    failed(account, "password-needed", { provisioned: true });
  const decided = { origin: "policy", locked: true } as const;

  it.each([
    ["en-GB", "Example Bank", `Example Bank has set up ${xmppAccount.address}. Enter your password.`],
    ["en-GB", "", `Your organization has set up ${xmppAccount.address}. Enter your password.`],
    ["fr-FR", "Example Bank", `Example Bank a configuré ${xmppAccount.address}. Saisissez votre mot de passe.`],
    ["fr-FR", "", `Votre organisation a configuré ${xmppAccount.address}. Saisissez votre mot de passe.`],
  ])("asks for the password of the account by name (%s, %s)", async (locale, organization, sentence) => {
    drawn = draw(
      {
        app: { locale },
        accounts: [provisioned(xmppAccount)],
        settings: [{ id: "OrganizationName", value: organization, ...decided }],
      },
      () => <Window />,
    );
    await vi.waitFor(() => expect(text()).toContain(sentence));
    expect(document.activeElement).toBe(fields()[0]);
  });

  it("says what is wrong with an account that no password puts right, with a way to try again, while another one is asked for", async () => {
    drawn = draw({ accounts: [provisioned(xmppAccount), provisioned(sipAccount)] }, () => <Window />);
    await vi.waitFor(() => expect(fields()).toHaveLength(2));
    await enter(0, "right");
    become(xmppAccount.id, { state: "connecting", error: null });
    become(xmppAccount.id, {
      state: "failed",
      error: { code: "certificate-untrusted", params: { host: "bank.example" } },
    });
    await vi.waitFor(() => expect(text()).toContain("no trusted authority issued its certificate"));
    // The focus stays, and the next password goes to its account.
    expect(document.activeElement).toBe(fields()[0]);
    const again = [...drawn.root.querySelectorAll("button")].find((one) => one.textContent === "Try again");
    again?.click();
    await vi.waitFor(() =>
      expect(drawn.fake.calls.at(-1)).toMatchObject({ method: "accounts.retry", args: { accountId: xmppAccount.id } }),
    );
    become(xmppAccount.id, { state: "waiting", error: { code: "connection-refused" } });
    await vi.waitFor(() => expect(text()).not.toContain("certificate"));
    expect(drawn.root.querySelectorAll(".problem")).toHaveLength(1);
  });

  it("asks for each of several, stays while one is refused, and gives way when all are connected", async () => {
    drawn = draw({ accounts: [provisioned(xmppAccount), provisioned(sipAccount)] }, () => <Window />);
    await vi.waitFor(() => expect(fields()).toHaveLength(2));
    await enter(0, "wrong");
    become(xmppAccount.id, { state: "connecting", error: null });
    become(xmppAccount.id, { state: "failed", error: { code: "wrong-password" } });
    await vi.waitFor(() =>
      expect(text()).toContain(`The server did not accept the password for ${xmppAccount.address}.`),
    );
    expect(document.activeElement).toBe(fields()[0]);
    for (const { id } of [xmppAccount, sipAccount]) {
      become(id, { state: "connecting", error: null });
      become(id, { state: "online" });
    }
    await vi.waitFor(() => expect(drawn.root.querySelector(".panes")).not.toBeNull());
  });

  it("can be left for later: the window asks on", async () => {
    drawn = draw({ accounts: [provisioned(xmppAccount)] }, () => <Window />);
    await vi.waitFor(() => expect(fields()).toHaveLength(1));
    [...drawn.root.querySelectorAll("button")].find(({ textContent }) => textContent === "Do this later")?.click();
    await vi.waitFor(() => expect(drawn.root.querySelector(".panes")).not.toBeNull());
    expect(text()).toContain(`Your organization has set up ${xmppAccount.address}. Enter your password.`);
  });
});
