import xml, { type Element } from "@xmpp/xml";
import type { OwnPresence } from "../../../../shared/model/presence.ts";

/** RFC 6121 section 4.7.2.1. */
const showOf: Readonly<Record<OwnPresence["availability"], string | undefined>> = {
  available: undefined,
  "in-call": "dnd",
  "in-meeting": "dnd",
  busy: "dnd",
  "be-right-back": "away",
  away: "away",
  offline: undefined,
};

/** Own presence as a stanza; extensions add to it. */
export function presenceStanza(presence: OwnPresence): Element {
  if (presence.availability === "offline")
    return xml("presence", { type: "unavailable" }, presence.status ? xml("status", {}, presence.status) : undefined);
  const show = showOf[presence.availability];
  return xml(
    "presence",
    {},
    show ? xml("show", {}, show) : undefined,
    presence.status ? xml("status", {}, presence.status) : undefined,
  );
}
