import { expect, it } from "vitest";
import type { ContactRecord } from "./contact.ts";
import { createSharing } from "./sharing.ts";

function contact(name: string, fields: Partial<ContactRecord> = {}): ContactRecord {
  const record: ContactRecord = {
    id: `account-1|${name}@x.example`,
    accountId: "account-1",
    protocol: "xmpp",
    address: `${name}@x.example`,
    name,
    groups: ["Sales", "Lunch"],
    subscription: "both",
    asked: false,
    presence: { availability: "available" },
    pinned: false,
    listed: true,
    ...fields,
  };
  return JSON.parse(JSON.stringify(record)) as ContactRecord;
}

it("has contacts share groups and plain presence, and changes nothing of them", () => {
  const share = createSharing();
  const [anna, bob] = [share(contact("anna")), share(contact("bob"))];
  expect(anna).toEqual(contact("anna"));
  expect(bob).toEqual(contact("bob"));
  expect(bob.groups).toBe(anna.groups);
  expect(bob.presence).toBe(anna.presence);
});

it("keeps apart what differs", () => {
  const share = createSharing();
  const different: ContactRecord[] = [
    contact("anna"),
    contact("bob", { groups: ["Lunch", "Sales"] }),
    contact("carol", { groups: [] }),
    contact("dora", { presence: { availability: "away" } }),
    contact("emil", { presence: { availability: "available", status: "in the lab" } }),
    contact("fred", { presence: { availability: "available", status: "at home" } }),
    contact("gina", { accountId: "account-2", groups: ["SalesLunch"] }),
  ];
  expect(different.map(share)).toEqual(different);
});

it("remembers 5,000 different groups; those after them are each contact's own", () => {
  const share = createSharing();
  const shares = (n: number): boolean => {
    const [one, other] = [share(contact("a", { groups: [`${n}`] })), share(contact("b", { groups: [`${n}`] }))];
    expect(other.groups).toEqual([`${n}`]);
    return one.groups === other.groups;
  };
  const shared = Array.from({ length: 5_002 }, (_, n) => shares(n));
  expect(shared.lastIndexOf(true)).toBe(4_999);
  expect(shared.indexOf(false)).toBe(5_000);
});
