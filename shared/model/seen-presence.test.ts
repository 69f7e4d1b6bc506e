import { describe, expect, it } from "vitest";
import { createWords } from "../words/words.ts";
import { maxStatusLength, type OwnPresence, ownAvailabilities } from "./presence.ts";
import { seenPresence } from "./seen-presence.ts";

const words = createWords("en");
const nearest = { "in-call": "busy", "in-meeting": "busy", "be-right-back": "away" } as const;
const onXmpp = (presence: OwnPresence, language = words): OwnPresence => seenPresence(presence, { nearest }, language);

describe("own presence as others see it", () => {
  it.each([
    ["in-meeting", "busy", "In a meeting"],
    ["in-call", "busy", "In a call"],
    ["be-right-back", "away", "Be right back"],
  ] as const)("says %s on XMPP as %s with what it is in the status text", (availability, sent, text) => {
    expect(onXmpp({ availability })).toEqual({ availability: sent, status: text });
    expect(onXmpp({ availability, status: "until 3", idleSince: 5 })).toEqual({
      availability: sent,
      status: `${text} · until 3`,
      idleSince: 5,
    });
    expect(onXmpp({ availability, status: ` ${text.toUpperCase()}, back soon` }).status).toBe(
      `${text.toUpperCase()}, back soon`,
    );
  });

  it("leaves alone what XMPP has a word for, and all of it on SIP", () => {
    for (const availability of ["available", "busy", "away", "offline"] as const) {
      const presence = { availability, status: "here" };
      expect(onXmpp(presence)).toBe(presence);
    }
    for (const availability of ownAvailabilities) {
      const presence = { availability };
      expect(seenPresence(presence, { nearest: {} }, words)).toBe(presence);
    }
  });

  it("is said in the language of the person, and is never longer than a status may be", () => {
    expect(onXmpp({ availability: "in-meeting" }, createWords("fr")).status).toBe("En réunion");
    const { status } = onXmpp({ availability: "in-meeting", status: "x".repeat(maxStatusLength) });
    expect([status?.length, status?.startsWith("In a meeting · xxx")]).toEqual([maxStatusLength, true]);
  });
});
