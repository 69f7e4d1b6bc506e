import { SaxesParser, type SaxesTagNS } from "saxes";
import { maxNameLength } from "../../../../shared/model/contact.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";
import { child, childrenNamed, escapeXml, parseXml, type XmlElement, XmlError, xmlDeclaration } from "./xml.ts";

export const resourceListsType = "application/resource-lists+xml";
const namespace = "urn:ietf:params:xml:ns:resource-lists";
const limits = { length: 4 << 20, depth: 32, elements: 100_000 };

/** Somebody on the lists: once for each URI, with the lists they stand in as groups. */
export interface ListedContact {
  readonly uri: string;
  readonly name: string | undefined;
  readonly groups: readonly string[];
}

/**
 * Reads a resource-lists document (RFC 4826 section 3). Lists inside of lists and references are left out. Error:
 * XmlError.
 */
export function parseResourceLists(text: string): readonly ListedContact[] {
  const contacts = new Map<string, { uri: string; name: string | undefined; groups: string[] }>();
  for (const list of childrenNamed(documentRoot(text), "list", namespace)) {
    const group = groupOf(list);
    for (const entry of childrenNamed(list, "entry", namespace)) {
      const uri = entry.attributes.get("uri")?.trim();
      if (!uri) continue;
      const name = child(entry, "display-name", namespace)?.text.trim() || undefined;
      const known = contacts.get(uri);
      if (!known) contacts.set(uri, { uri, name, groups: group === undefined ? [] : [group] });
      else if (group !== undefined && !known.groups.includes(group)) known.groups.push(group);
    }
  }
  return [...contacts.values()];
}

/**
 * Puts a contact into a document (none yet: a new one), or takes them out of it (`wanted` undefined). All else in it
 * stays as it was written, to the letter, since other programs of the same person keep theirs there too. Error:
 * XmlError.
 */
export function writeResourceList(
  text: string | undefined,
  uri: string,
  wanted: Pick<ListedContact, "name" | "groups"> | undefined,
): string {
  let written =
    text?.replace(/^\ufeff/, "") ?? `${xmlDeclaration}<resource-lists xmlns="${namespace}"></resource-lists>`;
  const lists = childrenNamed(documentRoot(written), "list", namespace);
  const groups: readonly (string | undefined)[] =
    wanted && wanted.groups.length === 0 ? [undefined] : (wanted?.groups ?? []);
  const there = new Set<string | undefined>();
  // From the last one on, so that the places of those before stay as they are.
  for (const entry of places(written)
    .filter((p) => p.kind === "entry" && p.uri === uri)
    .toReversed()) {
    const list = lists[entry.index - 1];
    const group = list && groupOf(list);
    if (wanted && groups.includes(group)) {
      there.add(group);
      written = renamed(written, entry, wanted.name);
    } else written = written.slice(0, entry.start) + written.slice(entry.end);
  }
  if (!wanted) return written;
  const name = wanted.name === undefined ? "" : `<display-name>${escapeXml(wanted.name)}</display-name>`;
  const entry = `<entry xmlns="${namespace}" uri="${escapeXml(uri)}">${name}</entry>`;
  for (const group of groups) if (!there.has(group)) written = insert(written, group, entry);
  return written;
}

function documentRoot(text: string): XmlElement {
  const root = parseXml(text, limits);
  if (root.name !== "resource-lists" || root.namespace !== namespace)
    throw new XmlError("not a resource-lists document");
  return root;
}

/** The attribute `name` identifies a list; the display name is what people see (RFC 4826 section 3.2). */
function groupOf(list: XmlElement): string | undefined {
  return child(list, "display-name", namespace)?.text.trim() || list.attributes.get("name")?.trim() || undefined;
}

/** Where an element stands in the text. `inside`: before its end tag; undefined when it is an empty-element tag. */
interface Place {
  readonly kind: "root" | "list" | "entry" | "name";
  readonly start: number;
  end: number;
  inside: number | undefined;
  /** Behind its start tag. */
  readonly behind: number;
  /** Of a name. */
  text: string;
  readonly uri: string | undefined;
  /** Which of the root's lists this is. */
  readonly index: number;
}

/**
 * An entry with another display name, and all else in it as it was; as it was altogether where that is its name, as far
 * as it shows.
 */
function renamed(text: string, entry: Place, name: string | undefined): string {
  const old = places(text).find((p) => p.kind === "name" && p.start > entry.start && p.end < entry.end);
  if ((old?.text.trim() || undefined) === name || visibleName(old?.text, maxNameLength) === name) return text;
  const element = name === undefined ? "" : `<display-name xmlns="${namespace}">${escapeXml(name)}</display-name>`;
  if (old) return text.slice(0, old.start) + element + text.slice(old.end);
  if (entry.inside === undefined) return opened(text, entry, element);
  return text.slice(0, entry.behind) + element + text.slice(entry.behind);
}

/**
 * The root, its lists, their entries and the names of those, in document order. The text has been parsed before and is
 * well-formed.
 */
function places(text: string): readonly Place[] {
  const found: Place[] = [];
  const open: (Place | undefined)[] = [];
  let lists = 0;
  const parser = new SaxesParser({ xmlns: true, position: true });
  let startedAt = 0;
  parser.on("opentagstart", () => {
    startedAt = text.lastIndexOf("<", parser.position - 1);
  });
  parser.on("opentag", (tag: SaxesTagNS) => {
    const parent = open.at(-1)?.kind;
    const wanted =
      open.length === 0
        ? "root"
        : open.length === 1 && parent === "root"
          ? "list"
          : open.length === 2 && parent === "list"
            ? "entry"
            : open.length === 3 && parent === "entry"
              ? "name"
              : undefined;
    const fits =
      tag.uri === namespace &&
      wanted !== undefined &&
      (wanted === "root" || tag.local === (wanted === "name" ? "display-name" : wanted));
    const place: Place | undefined = fits
      ? {
          kind: wanted,
          start: startedAt,
          end: 0,
          inside: undefined,
          behind: parser.position,
          text: "",
          uri: tag.attributes.uri?.value.trim(),
          index: wanted === "list" ? lists++ : lists,
        }
      : undefined;
    if (place) found.push(place);
    open.push(place);
  });
  const characters = (data: string): void => {
    const place = open.at(-1);
    if (place) place.text += data;
  };
  parser.on("text", characters);
  parser.on("cdata", characters);
  parser.on("closetag", (tag: SaxesTagNS) => {
    const place = open.pop();
    if (!place) return;
    place.end = parser.position;
    place.inside = tag.isSelfClosing ? undefined : text.lastIndexOf("</", parser.position - 1);
  });
  parser.write(text).close();
  return found;
}

/**
 * Puts an entry at the end of the list of a group (of the list without name, when undefined), which is made when it is
 * not there.
 */
function insert(text: string, group: string | undefined, entry: string): string {
  const lists = childrenNamed(documentRoot(text), "list", namespace);
  const index = lists.findIndex((list) => groupOf(list) === group);
  const all = places(text);
  const place =
    index < 0 ? all.find((p) => p.kind === "root") : all.find((p) => p.kind === "list" && p.index === index);
  if (!place) throw new XmlError("resource list cannot be changed");
  const added =
    index < 0
      ? `<list xmlns="${namespace}"${group === undefined ? "" : ` name="${escapeXml(group)}"`}>${entry}</list>`
      : entry;
  if (place.inside !== undefined) return text.slice(0, place.inside) + added + text.slice(place.inside);
  return opened(text, place, added);
}

/** `<x a="b"/>` has to be opened for something to stand in it. */
function opened(text: string, place: Place, added: string): string {
  const tag = text.slice(place.start, place.end);
  const name = /^<([^\s/>]+)/.exec(tag)?.[1] ?? "";
  return `${text.slice(0, place.start)}${tag.replace(/\s*\/>$/, ">")}${added}</${name}>${text.slice(place.end)}`;
}
