import { effect } from "@preact/signals";
import { expect, it } from "vitest";
import type { ContactRecord } from "../../shared/model/contact.ts";
import type { ConversationRecord } from "../../shared/model/message.ts";
import { ConversationPlaces } from "./conversation-places.ts";
import { createTable } from "./table.ts";

const direct = { accountId: "account-1", kind: "direct", address: "bob@x.example" } as const;
const team = { accountId: "account-1", kind: "room", address: "team@rooms.example" } as const;
const conversation = (id: string, place: typeof direct | typeof team): ConversationRecord => ({
  ...{ id, ...place, unread: 0, typing: false },
});

/** The ids here say nothing: the place comes from a record alone. */
function tables() {
  return { conversations: createTable<ConversationRecord>([]), contacts: createTable<ContactRecord>([]) };
}

it("is that of the record, whatever the id says, else that of the contact", () => {
  const replica = tables();
  const places = new ConversationPlaces(replica);
  replica.conversations.put(conversation("id-1", team));
  replica.conversations.put(conversation("account-9|eve@evil.example", direct));
  replica.contacts.put({ id: "id-2", ...direct, protocol: "xmpp", name: "Bob" } as unknown as ContactRecord);
  replica.contacts.put({ id: "id-1", ...direct } as unknown as ContactRecord);
  expect(places.of("id-1")).toMatchObject(team);
  expect(places.of("account-9|eve@evil.example")).toMatchObject(direct);
  expect(places.of("id-2")).toEqual(direct);
  expect(places.of("account-1|bob@x.example")).toBeUndefined();
});

it("is heard of when main tells of the contact or of the conversation", () => {
  const replica = tables();
  const places = new ConversationPlaces(replica);
  const seen: (string | undefined)[] = [];
  const stop = effect(() => void seen.push(places.of("id-1")?.address));
  replica.contacts.put({ id: "id-1", ...direct } as unknown as ContactRecord);
  replica.conversations.put(conversation("id-1", team));
  expect(seen).toEqual([undefined, direct.address, team.address]);
  stop();
});

it("stays known when the contact of an open chat is taken off the list", () => {
  const replica = tables();
  const places = new ConversationPlaces(replica);
  replica.contacts.put({ id: "id-1", ...direct } as unknown as ContactRecord);
  expect(places.of("id-1")).toEqual(direct);
  replica.contacts.remove("id-1");
  expect(places.of("id-1")).toEqual(direct);
});
