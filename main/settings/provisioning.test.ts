import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import { fillProvisioned, systemPerson, unknownGaps } from "./provisioning.ts";

describe("provisioned accounts", () => {
  it("take the person apart as systems name them", () => {
    expect(systemPerson("alice")).toEqual({ user: "alice", email: undefined });
    expect(systemPerson("CORP\\alice")).toEqual({ user: "alice", email: undefined });
    expect(systemPerson("alice@corp.example")).toEqual({ user: "alice", email: "alice@corp.example" });
    expect(systemPerson().user).not.toBe("");
  });

  it("fill their gaps; what cannot be filled is told with its place, and the others still count", () => {
    const { accounts, problems } = fillProvisioned(
      [
        { name: "work", protocol: "xmpp", address: "${user}@Example.com", label: "Work" },
        { name: "desk", protocol: "simple", address: "${email}", server: { host: "sip.example.com" } },
      ],
      { user: "Alice", email: undefined },
    );
    expect(accounts).toEqual([
      { name: "work", protocol: "xmpp", address: "alice@example.com", label: "Work", server: {} },
    ]);
    expect(problems).toEqual([
      {
        code: "account-incomplete",
        params: {
          setting: "ProvisionedAccounts",
          path: "ProvisionedAccounts[1]",
          account: "${email}",
          name: "desk",
          gap: "${email}",
        },
      },
    ]);
  });

  it.each([
    ["${username}@example.com", "${username}"],
    ["%USERNAME%@example.com", "%USERNAME%"],
    ["${USER}@example.com", "${USER}"],
    ["$USERNAME@example.com", "$USERNAME"],
    ["{{user}}@example.com", "{{user}}"],
    ["%u@example.com", "%u"],
    ["${}@example.com", "${}"],
    ["${user}@${domain}", "${domain}"],
    ["%USERPRINCIPALNAME%", "%USERPRINCIPALNAME%"],
    ["{{mail}}", "{{mail}}"],
    ["{EmailAddress}", "{EmailAddress}"],
    ["$EMAIL", "$EMAIL"],
    ["$Email$@x.example", "$Email$"],
    ["$LogonUser@x.example", "$LogonUser"],
    ["$(whoami)@x.example", "$(whoami)"],
    ["<user>@x.example", "<user>"],
    ["[user]@x.example", "[user]"],
    ["$env:USERNAME@x.example", "$env:USERNAME"],
    ["$sAMAccountName@x.example", "$sAMAccountName"],
    ["$logname@x.example", "$logname"],
    ["$u@x.example", "$u"],
    ["$1@x.example", "$1"],
    ["%1@x.example", "%1"],
    ["!USERNAME!@x.example", "!USERNAME!"],
    ["#USER#@x.example", "#USER#"],
    ["%(user)s@x.example", "%(user)s"],
    ["%username:~0,8%@x.example", "%username:~0,8%"],
    ["{user-name}@x.example", "{user-name}"],
    ["{0}@x.example", "{0}"],
    ["<first-name>@x.example", "<first-name>"],
    ["`whoami`@x.example", "`whoami`"],
    ["${user@x.example", "${user@x.example"],
    ["${user}@%d", "%d"],
  ])("know no gap but their own: %s makes no account, and says %s", (address, gap) => {
    const template = { name: "work", protocol: "xmpp", address, label: "Work" } as const;
    const { accounts, problems } = fillProvisioned(
      [template, { name: "other", protocol: "xmpp", address: "${user}@example.com" }],
      {
        user: "alice",
        email: "alice@example.com",
      },
    );
    expect(accounts).toMatchObject([{ name: "other" }]);
    expect(problems).toMatchObject([{ code: "account-incomplete", params: { account: "Work", name: "work", gap } }]);
    expect(unknownGaps(template)).toEqual([gap]);
    // It costs its own account, not the whole list.
    expect(v.is(settings.ProvisionedAccounts.schema, [template])).toBe(true);
  });

  it.each(["eve%out.example@gw.example", "pay$roll@example.com", "100%@example.com"])(
    "take %s for what it is",
    (address) => {
      expect(unknownGaps({ name: "work", protocol: "xmpp", address })).toEqual([]);
    },
  );

  it("fill the label, the name for signing in and the contact list's address too", () => {
    const server = { host: "sip.example.com", authUser: "${user}", xcapRoot: "https://xcap.example.com/${email}" };
    const template = {
      name: "desk",
      protocol: "simple",
      address: "${email}",
      label: "Desk of ${user}",
      server,
    } as const;
    expect(fillProvisioned([template], { user: "alice", email: "alice@example.com" }).accounts).toEqual([
      {
        name: "desk",
        protocol: "simple",
        address: "alice@example.com",
        label: "Desk of alice",
        server: { host: "sip.example.com", authUser: "alice", xcapRoot: "https://xcap.example.com/alice@example.com" },
      },
    ]);
    expect(fillProvisioned([template], { user: "", email: undefined }).problems).toHaveLength(1);
  });
});
