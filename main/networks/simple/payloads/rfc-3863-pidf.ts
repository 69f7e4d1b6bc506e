import {
  type Availability,
  availabilities,
  maxStatusLength,
  type OwnPresence,
  type Presence,
} from "../../../../shared/model/presence.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";
import { detached } from "../../detached-text.ts";
import { defaultLanguage, inLanguage } from "../../languages.ts";
import { child, childrenNamed, escapeXml, parseXml, type XmlElement, XmlError, xmlDeclaration } from "./xml.ts";

export const pidfType = "application/pidf+xml";
const pidf = "urn:ietf:params:xml:ns:pidf";
/** RFC 4479. */
const dataModel = "urn:ietf:params:xml:ns:pidf:data-model";
/** RFC 4480. */
const rpid = "urn:ietf:params:xml:ns:pidf:rpid";
/** RFC 5196. */
const caps = "urn:ietf:params:xml:ns:pidf:caps";

/** Presence in a document, as far as Hallway draws it. */
export interface PidfPresence {
  readonly presence: Presence;
  /** Every device of theirs says that it understands message/cpim (RFC 5196 section 3.2.2). */
  readonly takesCpim: boolean;
  /** Some of their devices say so, and others do not. */
  readonly isMixed: boolean;
}

/** RFC 4480 section 3.2: the activities that say something about being reachable. Others do not change it. */
const activities: Readonly<Record<string, Availability>> = {
  "on-the-phone": "in-call",
  meeting: "in-meeting",
  appointment: "in-meeting",
  presentation: "in-meeting",
  busy: "busy",
  performance: "busy",
  spectator: "busy",
  steering: "busy",
  worship: "busy",
  away: "away",
  breakfast: "away",
  dinner: "away",
  holiday: "away",
  "in-transit": "away",
  lunch: "away",
  meal: "away",
  "permanent-absence": "away",
  playing: "away",
  shopping: "away",
  sleeping: "away",
  travel: "away",
  tv: "away",
  vacation: "away",
};
/** RFC 4480 has no word for it; said as `<other>` beside `<away>`, which everybody understands. */
const beRightBack = "be-right-back";

/**
 * Reads a presence document with RPID and the data model; anything else in it is skipped. Several devices: the most
 * reachable counts. Error: XmlError, also when it is not PIDF at all.
 */
export function parsePidf(text: string, language = defaultLanguage): PidfPresence {
  const root = parseXml(text);
  if (root.name !== "presence" || root.namespace !== pidf) throw new XmlError("not a presence document");
  const tuples = childrenNamed(root, "tuple", pidf);
  const open = tuples.filter((tuple) => basicOf(tuple) === "open");
  const persons = personsOf(root, tuples);
  const takers = open.filter((tuple) =>
    childrenNamed(child(tuple, "servcaps", caps) ?? tuple, "type", caps).some(
      (type) => type.text.includes("message/cpim") || type.children.some((c) => c.text.trim() === "message/cpim"),
    ),
  );
  const takesCpim = open.length > 0 && takers.length === open.length;
  const isMixed = takers.length > 0 && !takesCpim;
  if (open.length === 0) {
    const status = statusOf([...tuples, ...persons, root], language);
    return {
      presence: { availability: withoutOpen(tuples, persons, root), ...(status === undefined ? {} : { status }) },
      takesCpim,
      isMixed,
    };
  }
  // RPID of a person counts; some clients put it into the tuple instead.
  const states = (persons.length > 0 ? persons : open).map((element) => ({
    element,
    availability: availabilityOf(element),
  }));
  const best = states.reduce((a, b) => (rank(b.availability) < rank(a.availability) ? b : a));
  // What another device says of itself is not what the best one says.
  const spoken =
    persons.length > 1 ? open.filter((tuple) => twinOf(best.element) === tuple.attributes.get("id")) : open;
  const status = statusOf([best.element, ...spoken, root], language);
  const idleSince =
    persons.length > 1 && states.some((s) => idleOf(s.element) === undefined)
      ? undefined
      : latest([...states.map((s) => idleOf(s.element)), ...open.map(idleOf)]);
  return {
    presence: {
      availability: best.availability,
      ...(status === undefined ? {} : { status }),
      ...(idleSince === undefined ? {} : { idleSince }),
    },
    takesCpim,
    isMixed,
  };
}

/**
 * RFC 3863 section 4.1.4: a tuple without `basic` does not say whether it can be reached, which is not the same as
 * saying that it cannot; what a person is said to do counts then. A document in which nothing stands is that of
 * somebody who has published nothing.
 */
function withoutOpen(tuples: readonly XmlElement[], persons: readonly XmlElement[], root: XmlElement): Availability {
  const saysClosed =
    tuples.length > 0 ? tuples.every((tuple) => basicOf(tuple) === "closed") : root.children.length === 0;
  if (saysClosed) return "offline";
  const said = [...persons, ...tuples].map(availabilityOf).filter((availability) => availability !== "available");
  return said.reduce((a, b) => (rank(b) < rank(a) ? b : a), "unknown" as Availability);
}

function basicOf(tuple: XmlElement): "open" | "closed" | undefined {
  const basic = child(child(tuple, "status", pidf) ?? tuple, "basic", pidf)
    ?.text.trim()
    .toLowerCase();
  return basic === "open" || basic === "closed" ? basic : undefined;
}

/**
 * The data model does not tie a person to a tuple, but a device that has gone must not speak for the person: Hallway
 * names both alike (`t-X`, `p-X`), so a person whose tuple is closed is left out.
 */
function personsOf(root: XmlElement, tuples: readonly XmlElement[]): readonly XmlElement[] {
  return childrenNamed(root, "person", dataModel).filter((person) => {
    const twin = twinOf(person);
    const twins = tuples.filter((tuple) => tuple.attributes.get("id") === twin);
    return twins.length === 0 || twins.some((tuple) => basicOf(tuple) !== "closed");
  });
}

function twinOf(person: XmlElement): string | undefined {
  return person.attributes.get("id")?.replace(/^p-/, "t-");
}

function availabilityOf(element: XmlElement): Availability {
  const said = childrenNamed(element, "activities", rpid).flatMap((list) => list.children);
  if (said.some((activity) => activity.name === "other" && activity.text.trim() === beRightBack))
    return "be-right-back";
  const known = said.map((activity) => activities[activity.name]).filter((a) => a !== undefined);
  // Several activities at once: the least reachable counts (busy in a meeting is in a meeting, away is away).
  return known.reduce((a, b) => (rank(b) > rank(a) ? b : a), "available" as Availability);
}

function idleOf(element: XmlElement): number | undefined {
  const input = child(element, "user-input", rpid);
  const since = input?.text.trim() === "idle" ? Date.parse(input.attributes.get("last-input") ?? "") : Number.NaN;
  return Number.isFinite(since) ? since : undefined;
}

/** Notes in several languages say the same (RFC 3863 section 4.1.6). */
function statusOf(elements: readonly XmlElement[], language: string): string | undefined {
  for (const element of elements) {
    const notes = childrenNamed(element, "note").filter(
      (c) => c.namespace === pidf || c.namespace === dataModel || c.namespace === rpid,
    );
    const note = inLanguage(
      notes.map(({ text, language: own }) => ({ text, own, inherited: element.language })),
      language,
    )?.text;
    const shown = visibleName(note, maxStatusLength);
    if (shown !== undefined) return detached(shown.toWellFormed());
  }
  return undefined;
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((t) => t !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function rank(availability: Availability): number {
  return availabilities.indexOf(availability);
}

const written: Readonly<Record<OwnPresence["availability"], string>> = {
  available: "",
  "in-call": "<rpid:on-the-phone/>",
  "in-meeting": "<rpid:meeting/>",
  busy: "<rpid:busy/>",
  "be-right-back": `<rpid:away/><rpid:other>${beRightBack}</rpid:other>`,
  away: "<rpid:away/>",
  offline: "",
};

/** Own presence of this device as a document. `entity`: own SIP URI; `device`: stable and different for each device. */
export function formatPidf(presence: OwnPresence, entity: string, device: string): string {
  const open = presence.availability !== "offline";
  const note = presence.status ? escapeXml(presence.status) : undefined;
  const servcaps =
    "<caps:servcaps><caps:type><caps:supported>message/cpim</caps:supported></caps:type></caps:servcaps>";
  const tuple = `<tuple id="t-${escapeXml(device)}"><status><basic>${open ? "open" : "closed"}</basic></status>${open ? servcaps : ""}<contact>${escapeXml(entity)}</contact>${note ? `<note>${note}</note>` : ""}</tuple>`;
  const doing = written[presence.availability];
  const idle =
    presence.idleSince === undefined
      ? ""
      : `<rpid:user-input last-input="${new Date(presence.idleSince).toISOString()}">idle</rpid:user-input>`;
  const person = open
    ? `<dm:person id="p-${escapeXml(device)}"><rpid:activities>${doing || "<rpid:unknown/>"}</rpid:activities>${idle}${note ? `<dm:note>${note}</dm:note>` : ""}</dm:person>`
    : "";
  return `${xmlDeclaration}<presence xmlns="${pidf}" xmlns:dm="${dataModel}" xmlns:rpid="${rpid}" xmlns:caps="${caps}" entity="${escapeXml(entity)}">${tuple}${person}</presence>`;
}
