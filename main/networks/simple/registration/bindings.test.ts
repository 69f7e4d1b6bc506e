import { expect, it } from "vitest";
import { Recent } from "../recent.ts";
import { parseMessage, type SipResponse } from "../wire/message.ts";
import { ownBindings } from "./bindings.ts";

const deviceId = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const ours = `;+sip.instance="<urn:uuid:${deviceId}>"`;
const theirs = ';+sip.instance="<urn:uuid:00000000-0000-0000-0000-000000000000>"';

function listing(...contacts: readonly string[]): SipResponse {
  const head = [
    "SIP/2.0 200 OK",
    "Via: SIP/2.0/TCP a;branch=z9hG4bK1",
    "From: <sip:a@b>;tag=1",
    "To: <sip:a@b>;tag=2",
    "Call-ID: 1",
    "CSeq: 1 REGISTER",
  ];
  const parsed = parseMessage(
    Buffer.from([...head, ...contacts.map((contact) => `Contact: ${contact}`)].join("\r\n")),
    Buffer.alloc(0),
  );
  if (parsed.kind !== "response") throw new Error("not a response");
  return parsed;
}

const read = (contacts: readonly string[], former: readonly string[] = []) =>
  ownBindings(listing(...contacts), { user: "hmine" }, { deviceId, former });

it("finds its own binding by the user, whatever else was rewritten, and what it was granted", () => {
  expect(read([`<sip:HMINE@203.0.113.9:40123>;expires=120${ours}`, `<sip:bob@192.0.2.9>;expires=60${theirs}`])).toEqual(
    {
      uri: "sip:HMINE@203.0.113.9:40123",
      expires: 120,
      stale: [],
    },
  );
});

it.each(["", ";expires=0", ";expires=-5", ";expires=soon"])("knows no time where the list says %j", (expires) => {
  expect(read([`<sip:hmine@192.0.2.1>${expires}`]).expires).toBeUndefined();
});

it.each<[string, readonly string[], number | undefined]>([
  ["the shortest", [";expires=3600", ";expires=60", ""], 60],
  ["no less than half a minute", [";expires=3600", ";expires=1"], 30],
  ["nothing where nothing is said", ["", ""], undefined],
])("takes of several with users rewritten, of which none is known for its own, %s", (_, all, expires) => {
  expect(read(all.map((said, n) => `<sip:1001-${n}@198.51.100.1>${said}`)).expires).toBe(expires);
});

it("has gone what earlier connections of this device left behind, and nothing of another device", () => {
  const { stale } = read([
    `<sip:hmine@192.0.2.1>${ours}`,
    `<sip:hold@192.0.2.1>${ours.toUpperCase().replace("+SIP.INSTANCE", "+sip.instance")}`,
    `<sip:hother@192.0.2.2>${theirs}`,
    "<sip:plain@192.0.2.3>",
  ]);
  expect(stale).toEqual(["sip:hold@192.0.2.1"]);
});

it("has gone what it was registered as before the server saw it elsewhere, though the user is the same", () => {
  const { uri, stale } = read(
    ["<sip:hmine@10.0.0.1:5060;transport=tls>", "<sip:hmine@203.0.113.7:40123;transport=tls>"],
    ["sip:HMINE@10.0.0.1:5060;ob"],
  );
  expect([uri, stale]).toEqual([
    "sip:hmine@203.0.113.7:40123;transport=tls",
    ["sip:hmine@10.0.0.1:5060;transport=tls"],
  ]);
});

it("takes the only one of this device for its own where the user was rewritten, and then has nothing removed", () => {
  expect(read([`<sip:a@sbc.test>${ours}`, `<sip:b@sbc.test>${theirs}`])).toEqual({
    uri: "sip:a@sbc.test",
    expires: undefined,
    stale: [],
  });
  expect(read(["<sip:alone@sbc.test>;expires=9"])).toEqual({ uri: "sip:alone@sbc.test", expires: 9, stale: [] });
  expect(read([`<sip:a@sbc.test>${ours}`, `<sip:b@sbc.test>${ours}`])).toEqual({
    uri: undefined,
    expires: undefined,
    stale: [],
  });
  expect(read([])).toEqual({ uri: undefined, expires: undefined, stale: [] });
});

it("remembers what was set last, and forgets the oldest alone", () => {
  const recent = new Recent<number>(2);
  recent.set("a", 1);
  recent.set("b", 2);
  recent.set("a", 3);
  expect([recent.get("a"), recent.has("b")]).toEqual([3, true]);
  recent.set("c", 4);
  expect([recent.get("a"), recent.has("b"), recent.get("c")]).toEqual([3, false, 4]);
  recent.delete("a");
  recent.set("d", 5);
  expect([recent.has("a"), recent.has("c"), recent.has("d")]).toEqual([false, true, true]);
});
