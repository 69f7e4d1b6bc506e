import type { Availability, Presence } from "../../shared/model/presence.ts";
import { isolate } from "../../shared/text/isolate.ts";
import type { Words } from "../../shared/words/words.ts";

/** How presence is drawn: by shape as well as by colour (filled, bar, clock, hollow, question mark). */
export type PresenceShape = "available" | "busy" | "away" | "offline" | "unknown";

const shapes: Readonly<Record<Availability, PresenceShape>> = {
  available: "available",
  "in-call": "busy",
  "in-meeting": "busy",
  busy: "busy",
  "be-right-back": "away",
  away: "away",
  offline: "offline",
  unknown: "unknown",
};

export function shapeOf(availability: Availability): PresenceShape {
  return shapes[availability];
}

/** Somebody who can be reached now. */
export function isOnline(presence: Presence): boolean {
  return presence.availability !== "offline" && presence.availability !== "unknown";
}

/** Presence in a line of words: availability, then the status text, idle time or when they were last seen. */
export function presenceLine(presence: Presence, words: Words, now: number): string {
  const parts = [words.t(`presence.${presence.availability}`)];
  if (presence.status) parts.push(isolate(presence.status));
  if (presence.idleSince !== undefined && isOnline(presence)) parts.push(words.t("presence.idle", { duration: words.duration(now - presence.idleSince) }));
  else if (presence.lastSeen !== undefined && presence.availability === "offline")
    parts.push(words.t("presence.lastSeen", { when: words.ago(presence.lastSeen, now) }));
  return parts.join(" · ");
}
