import { beforeEach, expect, it } from "vitest";
import { parseResourceLists } from "../payloads/rfc-4826-resource-lists.ts";
import { XcapContactList } from "./contact-list.ts";
import type { XcapClient } from "./xcap-client.ts";

let document: string | undefined;
let changes: number;
let list: XcapContactList;

beforeEach(() => {
  document = undefined;
  changes = 0;
  const xcap = {
    read: async () => document,
    change: async (_: unknown, make: (text: string | undefined) => string | undefined) => {
      changes += 1;
      document = make(document) ?? document;
    },
  };
  list = new XcapContactList(xcap as unknown as XcapClient);
});

const entry = (uri: string, name = uri) => `<entry uri="${uri}"><display-name>${name}</display-name></entry>`;
const written = (...entries: readonly string[]) =>
  `<?xml version="1.0"?><resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="Friends">${entries.join("")}</list></resource-lists>`;
const uris = () => parseResourceLists(document ?? "").map(({ uri }) => uri);

it("tells a list that is not there from an empty one", async () => {
  expect(await list.load()).toBeUndefined();
  document = written();
  expect(await list.load()).toEqual([]);
});

it("reads each person once, as they stand first, and nobody who is none", async () => {
  document = written(
    entry("sip:bob@x.test", "Bob"),
    entry("sips:bob@x.test:5061", "Other"),
    entry("sip:carol@x.test", "Carol"),
    entry("not an address"),
  );
  expect((await list.load())?.map(({ address, name, groups }) => [address, name, groups])).toEqual([
    ["bob@x.test", "Bob", ["Friends"]],
    ["carol@x.test", "Carol", ["Friends"]],
  ]);
});

it("puts people on the list in one change, and leaves the others alone", async () => {
  document = written(entry("sip:dan@x.test", "Dan"));
  await list.put([
    { address: "bob@x.test", name: "Bob", groups: ["Friends"] },
    { address: "carol@x.test", name: undefined, groups: [] },
  ]);
  expect(changes).toBe(1);
  expect((await list.load())?.map(({ address, name }) => [address, name]).sort()).toEqual([
    ["bob@x.test", "Bob"],
    ["carol@x.test", undefined],
    ["dan@x.test", "Dan"],
  ]);
});

it("takes the place of what another program wrote of the same person, and of nobody else", async () => {
  document = written(
    entry("sips:bob@x.test:5061"),
    entry("sip:bob@x.test;transport=tcp"),
    entry("sip:bobby@x.test"),
    entry("sip:bob@y.test"),
  );
  await list.put([{ address: "bob@x.test", name: "Bob", groups: ["Friends"] }]);
  expect([...uris()].sort()).toEqual(["sip:bob@x.test", "sip:bob@y.test", "sip:bobby@x.test"]);
});

it("takes somebody off in every spelling, and nobody else", async () => {
  document = written(
    entry("sip:bob@x.test"),
    entry("sips:bob@x.test"),
    entry("sip:bobby@x.test"),
    entry("sip:bob@y.test"),
  );
  await list.remove("bob@x.test");
  expect([...uris()].sort()).toEqual(["sip:bob@y.test", "sip:bobby@x.test"]);
});

it("makes no list to take somebody off", async () => {
  await list.remove("bob@x.test");
  expect(document).toBeUndefined();
});

it("has telephones and servers as contacts, each under its own address in whatever way it is written", async () => {
  document = written(
    entry("tel:+1-555-0100", "Anna"),
    entry("sip:gateway.x.test", "Gateway"),
    entry("sip:bob@x.test", "Bob"),
  );
  expect((await list.load())?.map(({ address }) => address)).toEqual(["tel:+15550100", "gateway.x.test", "bob@x.test"]);
  await list.put([{ address: "tel:+15550100", name: "Ann", groups: ["Friends"] }]);
  expect([...uris()].sort()).toEqual(["sip:bob@x.test", "sip:gateway.x.test", "tel:+15550100"]);
  await list.remove("gateway.x.test");
  expect([...uris()].sort()).toEqual(["sip:bob@x.test", "tel:+15550100"]);
});
