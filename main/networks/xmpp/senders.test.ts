import { describe, expect, it } from "vitest";
import { type ConnectionRules, noRules } from "../connection-rules.ts";
import type { RosterItem } from "../facets/contacts.ts";
import { everyone, type SenderKind, Senders, subscribers } from "./senders.ts";

const item = (address: string, subscription: RosterItem["subscription"], groups: readonly string[]): RosterItem => ({
  address,
  name: undefined,
  groups,
  subscription,
  asked: false,
});
const contacts = new Map(
  [
    item("bob@example.test", "both", ["Work"]),
    item("ann@example.test", "from", []),
    item("carol@far.test", "to", ["Work"]),
  ].map((one) => [one.address, one]),
);

function made(rules: Partial<ConnectionRules> = {}): Senders {
  const senders = new Senders({
    address: "alice@example.test",
    domain: "example.test",
    contacts,
    rules: { ...noRules, ...rules },
  });
  senders.roomServices.add("rooms.example.test");
  return senders;
}

/** Those of these who are answered what subscribers are. */
function answered(rules: Partial<ConnectionRules>): readonly string[] {
  const senders = made(rules);
  return [
    "alice@example.test/phone",
    "example.test",
    "gateway.example.test",
    "bob@example.test/x",
    "ann@example.test/x",
    "carol@far.test/x",
    "mallory@evil.test/x",
  ].filter((jid) => {
    const sender = senders.of(jid);
    return sender !== undefined && senders.mayAsk(subscribers, sender);
  });
}

describe("senders", () => {
  it("are of the first kind that fits, by address alone", () => {
    const senders = made();
    const kinds = new Map<string | undefined, SenderKind | undefined>(
      [
        undefined,
        "alice@example.test",
        "Alice@example.test/desk",
        "example.test/x",
        "gateway.example.test",
        "ann@example.test",
        "carol@far.test/x",
        "hall@rooms.example.test/bob",
        "hall@rooms.example.test",
        "mallory@evil.test",
        "@",
      ].map((from) => [from, senders.of(from)?.kind]),
    );
    expect([...kinds.values()]).toEqual([
      "account",
      "account",
      "device",
      "server",
      "service",
      "subscriber",
      "contact",
      "occupant",
      "room",
      "stranger",
      undefined,
    ]);
    expect([...everyone].sort()).toEqual([...new Set(kinds.values())].filter((kind) => kind !== undefined).sort());
  });

  it("who may know that this device is here are answered, as policy has it", () => {
    const own = ["alice@example.test/phone", "example.test"];
    expect(answered({})).toEqual([...own, "bob@example.test/x", "ann@example.test/x"]);
    expect(answered({ audience: () => "groups" })).toEqual([...own, "bob@example.test/x"]);
    expect(answered({ audience: () => "nobody" })).toEqual(own);
    expect(answered({ hiding: () => false })).toEqual([
      ...own,
      "bob@example.test/x",
      "ann@example.test/x",
      "carol@far.test/x",
      "mallory@evil.test/x",
    ]);
    expect(answered({ hiding: () => false, audience: () => "groups" })).toEqual([...own, "bob@example.test/x"]);
  });
});
