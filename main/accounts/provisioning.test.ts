import { describe, expect, it } from "vitest";
import { fillProvisioned, systemPerson } from "./provisioning.ts";

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
    expect(accounts).toEqual([{ name: "work", protocol: "xmpp", address: "alice@example.com", label: "Work", server: {} }]);
    expect(problems).toEqual([
      { code: "policy-invalid", params: { setting: "ProvisionedAccounts", path: "ProvisionedAccounts[1].address", reason: "invalid-address" } },
    ]);
  });
});
