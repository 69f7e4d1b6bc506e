import * as v from "valibot";

/**
 * How reachable somebody is, from most to least. XMPP `show` values (RFC 6121 section 4.7.2.1) and RPID activities
 * (RFC 4480 section 3.2) are both mapped onto these; `unknown` is "not shared with us", which is not `offline`.
 */
export const availabilities = [
  "available",
  "in-call",
  "in-meeting",
  "busy",
  "be-right-back",
  "away",
  "offline",
  "unknown",
] as const;
export type Availability = (typeof availabilities)[number];
export const AvailabilitySchema = v.picklist(availabilities);

/** Longest status text kept, in UTF-16 units. */
export const maxStatusLength = 512;

/** Somebody's presence as drawn: times are milliseconds since the epoch. */
export const PresenceSchema = v.object({
  availability: AvailabilitySchema,
  status: v.optional(v.pipe(v.string(), v.maxLength(maxStatusLength))),
  /** Since when they have been idle (XEP-0319, RPID user-input). */
  idleSince: v.optional(v.number()),
  /** When they were last seen on line, if known (XEP-0203 on the unavailable presence, XEP-0012). */
  lastSeen: v.optional(v.number()),
});
export type Presence = v.InferOutput<typeof PresenceSchema>;

/** Availabilities that the person can choose. `invisible` is not offered. `offline` signs the account out. */
export const ownAvailabilities = [
  "available",
  "in-call",
  "in-meeting",
  "busy",
  "be-right-back",
  "away",
  "offline",
] as const;
export const OwnPresenceSchema = v.object({
  availability: v.picklist(ownAvailabilities),
  status: v.optional(v.pipe(v.string(), v.maxLength(maxStatusLength))),
  idleSince: v.optional(v.number()),
});
export type OwnPresence = v.InferOutput<typeof OwnPresenceSchema>;

/** Somebody who can be reached now. */
export function isOnline({ availability }: Pick<Presence, "availability">): boolean {
  return availability !== "offline" && availability !== "unknown";
}

export const offline: Presence = Object.freeze({ availability: "offline" });
export const unknownPresence: Presence = Object.freeze({ availability: "unknown" });

const rank = new Map<Availability, number>(availabilities.map((a, i) => [a, i]));

/** Orders two presences, the more reachable first (for sort and for one person over several devices). */
export function compareReachability(a: Presence, b: Presence): number {
  return (
    (rank.get(a.availability) ?? 99) - (rank.get(b.availability) ?? 99) ||
    (a.idleSince ?? Infinity) * -1 + (b.idleSince ?? Infinity) ||
    0
  );
}
