import type { ContactRecord } from "../../shared/model/contact.ts";
import { type Availability, isOnline, type Presence, unknownPresence } from "../../shared/model/presence.ts";
import { isolate } from "../../shared/text/isolate.ts";
import type { Words } from "../../shared/words/words.ts";
import type { Replica } from "./replica.ts";

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

/**
 * Presence as it is shown. While the own account is not connected nobody's is known: it is drawn as unknown, with what
 * was heard last beside it. The records keep what was heard, so that a resumed session (XEP-0198) has everybody back at
 * once.
 */
export interface ShownPresence {
  readonly presence: Presence;
  /** Availability heard last, where the current one is not known. */
  readonly lastKnown?: Availability;
  /** False: the own account is not connected, so that nothing is known of anybody. */
  readonly isConnected: boolean;
  /** Somebody shares their presence with us, whether or not it is known now. */
  readonly isShared: boolean;
}

export function shownPresence(
  { presence, subscription }: Pick<ContactRecord, "presence" | "subscription">,
  isConnected: boolean,
): ShownPresence {
  const isShared = subscription === "to" || subscription === "both";
  if (isConnected) return { presence, isConnected, isShared };
  const { availability } = presence;
  return {
    presence: unknownPresence,
    isConnected,
    isShared,
    ...(availability === "unknown" ? {} : { lastKnown: availability }),
  };
}

/**
 * Presence of a contact as it is shown now; whoever draws it is drawn again when their account connects or loses its
 * connection.
 */
export function presenceOf(replica: Pick<Replica, "accounts">, contact: ContactRecord): ShownPresence {
  return shownPresence(contact, replica.accounts.get(contact.accountId)?.state === "online");
}

/** Presence in a line of words: availability, then the status text, idle time or when they were last seen. */
export function presenceLine({ presence, lastKnown, isShared }: ShownPresence, words: Words, now: number): string {
  if (lastKnown !== undefined) return words.t("presence.lastKnown", { presence: words.t(`presence.${lastKnown}`) });
  if (presence.availability === "unknown" && isShared && !presence.status) return words.t("presence.notKnown");
  const parts = [words.t(`presence.${presence.availability}`)];
  if (presence.status) parts.push(isolate(presence.status));
  if (presence.idleSince !== undefined && isOnline(presence))
    parts.push(words.t("presence.idle", { duration: words.duration(now - presence.idleSince) }));
  else if (presence.lastSeen !== undefined && presence.availability === "offline")
    parts.push(words.t("presence.lastSeen", { when: words.ago(presence.lastSeen, now) }));
  return parts.join(" · ");
}
