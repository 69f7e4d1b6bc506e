import type { Element } from "@xmpp/xml";
import xml from "@xmpp/xml";
import { describe, expect, it } from "vitest";
import type { OwnPresence } from "../../../../shared/model/presence.ts";
import { ExtensionRegistry } from "../extension-registry.ts";
import type { SendRefusal } from "../stream/managed-stream.ts";
import { AnnouncedPresence } from "./own-presence.ts";
import { presenceStanza } from "./presence-stanza.ts";

const here: OwnPresence = { availability: "available", status: "here" };

function announced() {
  const sent: string[] = [];
  const told: OwnPresence[] = [];
  const refused: string[] = [];
  const answer: { refusal: (stanza: Element) => SendRefusal | undefined } = { refusal: () => undefined };
  const registry = new ExtensionRegistry();
  registry.add("An extension", {
    writePresence: (stanza) => stanza.append(xml("x", "urn:x")),
    presenceSent: (presence) => void told.push(presence),
  });
  registry.add("Another that has no part in it", {});
  const presence = new AnnouncedPresence({
    registry,
    send: (stanza) => {
      const refusal = answer.refusal(stanza);
      if (refusal === undefined) sent.push(stanza.toString());
      return refusal;
    },
    refuse: (what) => refused.push(what),
  });
  return { presence, sent, told, refused, answer };
}

describe("the own presence", () => {
  it("is what extensions add to it, and of being away for good nothing but that", () => {
    const { presence, sent, told } = announced();
    expect(presence.announce(here)).toBeUndefined();
    expect(presence.announce({ availability: "offline" })).toBeUndefined();
    expect(sent).toEqual([
      '<presence><status>here</status><x xmlns="urn:x"/></presence>',
      '<presence type="unavailable"/>',
    ]);
    expect(told).toEqual([here, { availability: "offline" }]);
  });

  it.each<[OwnPresence["availability"], string]>([
    ["available", "<presence/>"],
    ["away", "<presence><show>away</show></presence>"],
    ["be-right-back", "<presence><show>away</show></presence>"],
    ["busy", "<presence><show>dnd</show></presence>"],
    ["in-call", "<presence><show>dnd</show></presence>"],
    ["in-meeting", "<presence><show>dnd</show></presence>"],
    ["offline", '<presence type="unavailable"/>'],
  ])("is %s as %s, with a status or with none", (availability, text) => {
    expect(presenceStanza({ availability }).toString()).toBe(text);
    expect(presenceStanza({ availability, status: "" }).toString()).toBe(text);
    expect(presenceStanza({ availability, status: "so" }).getChildText("status")).toBe("so");
  });

  it("that is too long has not been told, and is not said again", () => {
    const { presence, sent, told, answer } = announced();
    answer.refusal = () => "too-large";
    expect(presence.announce(here)).toBe("too-large");
    answer.refusal = () => undefined;
    presence.announceAgain();
    expect([sent, told]).toEqual([[], []]);
  });

  it("that cannot be sent now counts as told, for it is told with the next session", () => {
    const { presence, sent, told, answer } = announced();
    answer.refusal = () => "offline";
    expect(presence.announce(here)).toBe("offline");
    expect(told).toEqual([here]);
    answer.refusal = () => undefined;
    presence.announceAgain();
    expect(sent).toHaveLength(1);
  });

  it("goes without its status at sign-in where that is too long, and only there", () => {
    const { presence, sent, told, refused, answer } = announced();
    answer.refusal = (stanza) => (stanza.getChild("status") ? "too-large" : undefined);
    presence.announceFirst({ ...here, availability: "away" });
    expect(sent).toEqual(['<presence><show>away</show><x xmlns="urn:x"/></presence>']);
    expect([told, refused]).toEqual([[{ availability: "away" }], ["an own status that is too long for the server"]]);
    answer.refusal = () => undefined;
    presence.announceFirst(here);
    expect([sent.length, refused.length]).toEqual([2, 1]);
  });

  it("is said again where it was said, and not before, nor after it is to be forgotten", () => {
    const { presence, sent } = announced();
    presence.announceAgain();
    expect(sent).toEqual([]);
    presence.announce(here);
    presence.announceAgain();
    expect(sent).toHaveLength(2);
    presence.forget();
    presence.announceAgain();
    expect(sent).toHaveLength(2);
  });

  it.each<[string, OwnPresence]>([
    ["availability", { ...here, availability: "busy" }],
    ["status", { ...here, status: "there" }],
    ["idleness", { ...here, idleSince: 5 }],
  ])("is said in a session that goes on only where its %s is another", (_, other) => {
    const { presence, sent, told } = announced();
    presence.announce(here);
    presence.resume({ ...here });
    // Extensions learn that the session goes on.
    expect([sent.length, told.length]).toEqual([1, 2]);
    presence.resume(other);
    expect([sent.length, told.at(-1)]).toEqual([2, other]);
    presence.forget();
    presence.resume(other);
    expect(sent).toHaveLength(3);
  });
});
