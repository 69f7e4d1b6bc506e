import { createHash, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { SignedIn } from "../networks/network.ts";
import type { AuditEvent } from "../record/audit/audit.ts";
import { AccountAudit } from "./account-audit.ts";

let config: AccountConfig;
let written: AuditEvent[];
let audit: AccountAudit;
const signedIn: SignedIn = {
  resumed: false,
  endpoint: { host: "xmpp.x.example", port: 5222, transport: "starttls" },
} as unknown as SignedIn;
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

beforeEach(() => {
  config = {
    id: "account-1",
    protocol: "xmpp",
    address: "me@x.example",
    enabled: true,
    server: {},
    deviceId: randomUUID(),
  };
  written = [];
  audit = new AccountAudit({ record: async (event: AuditEvent) => void written.push(event) } as never, () => config);
});

/** Entries written since the last look. */
const entries = (): readonly (readonly [string, string])[] =>
  written.splice(0).map(({ kind, action }) => [kind, action] as const);

describe("what is written down of an account", () => {
  it("names it, and who set it up", () => {
    audit.removed();
    config = { ...config, provisioned: "work" };
    audit.weakerAllowed("PLAIN");
    const account = { account: "account-1", address: "me@x.example", network: "xmpp" };
    expect(written).toEqual([
      { kind: "sign-in", action: "account-removed", details: { ...account, provisioned: null } },
      { kind: "sign-in", action: "weaker-allowed", details: { ...account, provisioned: "work", method: "PLAIN" } },
    ]);
  });

  it("says how it was let in, and what is not known of that as nothing", () => {
    audit.signedIn(signedIn);
    audit.signedIn({
      ...signedIn,
      resumed: true,
      security: "TLSv1.3",
      proof: { method: "SCRAM-SHA-256" },
    } as unknown as SignedIn);
    expect(written.map(({ details }) => details)).toEqual([
      expect.objectContaining({
        host: "xmpp.x.example",
        port: 5222,
        transport: "starttls",
        tls: null,
        method: null,
        resumed: false,
      }),
      expect.objectContaining({ tls: "TLSv1.3", method: "SCRAM-SHA-256", resumed: true }),
    ]);
  });

  it("names the authority that the person added, when it comes, is used, is another, and goes", () => {
    audit.added();
    audit.signedIn(signedIn);
    expect(entries()).toEqual([
      ["sign-in", "account-added"],
      ["sign-in", "signed-in"],
    ]);
    const without = config;
    const first = { ...without, server: { caPem: "first" } };
    config = first;
    audit.added();
    audit.changed(first);
    audit.signedIn(signedIn);
    expect(written.at(-1)?.details).toMatchObject({ authority: hashOf("first"), host: "xmpp.x.example" });
    expect(entries()).toEqual([
      ["sign-in", "account-added"],
      ["certificate-exception", "added"],
      ["sign-in", "signed-in"],
      ["certificate-exception", "used"],
    ]);
    config = { ...without, server: { caPem: "second" } };
    audit.changed(first);
    expect(written.map(({ action, details }) => [action, details["authority"]])).toEqual([
      ["removed", hashOf("first")],
      ["added", hashOf("second")],
    ]);
    written.length = 0;
    const second = config;
    config = without;
    audit.changed(second);
    expect(entries()).toEqual([["certificate-exception", "removed"]]);
    config = first;
    audit.changed(without);
    expect(entries()).toEqual([["certificate-exception", "added"]]);
  });

  it("calls no authority an exception that IT wrote into the account", () => {
    config = { ...config, provisioned: "work", server: { caPem: "it" } };
    audit.added();
    audit.signedIn(signedIn);
    audit.changed({ ...config, server: {} });
    expect(entries()).toEqual([
      ["sign-in", "account-added"],
      ["sign-in", "signed-in"],
    ]);
  });

  it("says a refusal once, however often it is tried, and again once it was let in or the reason is another", () => {
    const refuse = (setting?: string, host?: string): void =>
      audit.refused({
        code: "blocked-by-policy",
        ...(setting === undefined ? {} : { params: { setting, ...(host === undefined ? {} : { host }) } }),
      });
    refuse("AuthMethods");
    refuse("AuthMethods");
    expect(
      written.map(({ action, details }) => [action, details["code"], details["setting"], details["host"]]),
    ).toEqual([["refused", "blocked-by-policy", "AuthMethods", null]]);
    refuse("AllowedServers", "a.example");
    refuse("AllowedServers", "a.example");
    refuse("AllowedServers", "b.example");
    refuse();
    audit.refused({ code: "wrong-password" });
    audit.signedIn(signedIn);
    audit.refused({ code: "wrong-password" });
    expect(entries().map(([, action]) => action)).toEqual([
      "refused",
      "refused",
      "refused",
      "refused",
      "refused",
      "signed-in",
      "refused",
    ]);
  });

  it.each([
    "no-network",
    "unknown-host",
    "connection-refused",
    "connection-lost",
    "timed-out",
    "cancelled",
    "offline",
  ] as const)("takes %s for no refusal, nor for the end of one", (code) => {
    audit.refused({ code });
    expect(written).toEqual([]);
    audit.refused({ code: "wrong-password" });
    audit.refused({ code });
    audit.refused({ code: "wrong-password" });
    expect(written).toHaveLength(1);
  });

  it("says why it was signed out where the person did not ask for it", () => {
    audit.signedOut(undefined);
    audit.signedOut({ code: "blocked-by-policy", params: { setting: "AccountsEnabled" } });
    audit.signedOut({ code: "wrong-password" });
    expect(written.map(({ details }) => [details["code"], details["setting"]])).toEqual([
      [null, null],
      ["blocked-by-policy", "AccountsEnabled"],
      ["wrong-password", null],
    ]);
  });
});
