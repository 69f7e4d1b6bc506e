import { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { decodeText, parseTag } from "./tokens.ts";

/** What a stream parser reports: the root's start, each complete child of the root, and the root's end. */
export interface XmlListener {
  opened(root: Element): void;
  element(element: Element): void;
  ended(): void;
  /** Asked at the start tag of a child of the root: its own limit, where it may be longer than others. */
  allowance?(element: Element): number | undefined;
}

export interface XmlLimits {
  /** Longest child of the root (a stanza), in UTF-16 units; also the longest run of anything else. */
  readonly stanza: number;
  /** Deepest nesting, the root counting as one. */
  readonly depth: number;
  /** Longest single tag. */
  readonly tag: number;
}

export const defaultLimits: XmlLimits = { stanza: 1_048_576, depth: 64, tag: 65_536 };

/**
 * A streaming parser for the XML that XMPP allows (RFC 6120 section 11.1: no comments, no processing instructions, no
 * document type, no entities but the predefined ones). It counts while it reads, so that what is too large is refused
 * before it is kept. Errors: `protocol-error`, `too-large`; after an error it must not be used again.
 *
 * Our own since the stock parser goes on after mismatched tags, throws from event handlers at `&#0;`, lets a document
 * type pass and knows no limit.
 */
export interface XmlParser {
  write(text: string): void;
  /** True between two children of the root with nothing left over. */
  readonly idle: boolean;
}

export function createXmlParser(listener: XmlListener, limits: XmlLimits = defaultLimits): XmlParser {
  let rest = "";
  /** Where to go on looking for the end of a tag that is not complete yet, so that drips are not rescanned. */
  let scanned = 0;
  let quote = 0;
  let inCdata = false;
  /** Units of the current child of the root that were consumed. */
  let size = 0;
  let limit = limits.stanza;
  let depth = 0;
  let begun = false;
  let ended = false;
  let root: Element | undefined;
  let cursor: Element | undefined;
  let inside = false;

  function grow(units: number): void {
    size += units;
    if (size > limit) throw new HallwayError("too-large");
  }

  function reset(): void {
    size = 0;
    limit = limits.stanza;
  }

  function text(raw: string, literal: boolean): void {
    if (raw === "") return;
    grow(raw.length);
    const value = decodeText(raw, literal);
    if (depth > 1 && cursor) {
      const { children } = cursor;
      const last = children.length - 1;
      const before = children[last];
      if (typeof before === "string") children[last] = before + value;
      else children.push(value);
      return;
    }
    // Between stanzas only white space may stand (RFC 6120 section 4.6.1: keep-alives).
    if (!/^[ \t\r\n]*$/.test(value) || literal) throw new HallwayError("protocol-error");
    reset();
  }

  function closeElement(): void {
    const done = cursor;
    if (!done || !root) throw new HallwayError("protocol-error");
    depth -= 1;
    if (depth === 0) {
      ended = true;
      listener.ended();
    } else if (depth === 1) {
      cursor = root;
      reset();
      listener.element(done);
    } else {
      cursor = done.parent ?? root;
    }
  }

  /** Takes one whole tag without its angle brackets. False: not well-formed, or cut short by a `>` in a value. */
  function tag(source: string): boolean {
    if (source.charCodeAt(0) === 47 /* slash */) {
      const name = source.slice(1).trimEnd();
      if (depth === 0 || cursor?.name !== name) throw new HallwayError("protocol-error");
      grow(source.length + 2);
      closeElement();
      return true;
    }
    if (ended) throw new HallwayError("protocol-error");
    const empty = source.charCodeAt(source.length - 1) === 47;
    const parsed = parseTag(empty ? source.slice(0, -1) : source);
    if (!parsed) return false;
    grow(source.length + 2);
    const element = new Element(parsed.name);
    element.attrs = parsed.attrs;
    depth += 1;
    if (depth > limits.depth) throw new HallwayError("too-large");
    if (!root) root = element;
    else {
      element.parent = cursor ?? root;
      if (depth > 2) element.parent.children.push(element);
    }
    checkPrefixes(element);
    cursor = element;
    if (depth === 1) {
      reset();
      listener.opened(element);
    } else if (depth === 2) {
      limit = listener.allowance?.(element) ?? limits.stanza;
    }
    if (empty) closeElement();
    return true;
  }

  /** Consumes as much of `rest` as is complete. */
  function run(): void {
    let at = 0;
    while (at < rest.length) {
      if (inCdata) {
        const end = rest.indexOf("]]>", at);
        // The last two units may be the start of the end marker.
        let until = end < 0 ? Math.max(at, rest.length - 2) : end;
        if (end < 0 && until > at && rest.charCodeAt(until - 1) === 13) until -= 1;
        text(rest.slice(at, until), true);
        at = until;
        if (end < 0) break;
        at += 3;
        inCdata = false;
        continue;
      }
      if (rest.charCodeAt(at) !== 60 /* < */) {
        const open = rest.indexOf("<", at);
        let until = open < 0 ? rest.length : open;
        if (open < 0) until = holdBack(rest, at);
        if (until > at) text(rest.slice(at, until), false);
        at = until;
        if (open < 0) break;
      }
      const second = rest.charCodeAt(at + 1);
      if (Number.isNaN(second)) break;
      if (second === 33 /* ! */) {
        const lead = rest.slice(at, at + 9);
        if (lead === "<![CDATA[") {
          if (depth < 2) throw new HallwayError("protocol-error");
          at += 9;
          grow(9);
          inCdata = true;
          continue;
        }
        // RFC 6120 section 11.1: comments, document types and entity declarations MUST NOT be sent.
        if (lead.length < 9 && "<![CDATA[".startsWith(lead)) break;
        throw new HallwayError("protocol-error");
      }
      if (second === 63 /* ? */) {
        // Only the XML declaration, once, at the very start.
        if (begun) throw new HallwayError("protocol-error");
        const end = rest.indexOf("?>", at);
        if (end < 0) {
          if (rest.length - at > 200) throw new HallwayError("protocol-error");
          break;
        }
        if (!/^<\?xml[ \t\r\n][^<>&]*$/.test(rest.slice(at, end))) throw new HallwayError("protocol-error");
        begun = true;
        at = end + 2;
        continue;
      }
      // Nearly every tag ends at the first `>`; only one with a `>` in a value needs the careful look.
      const near = scanned > at ? -1 : rest.indexOf(">", at);
      if (near >= 0 && near - at <= limits.tag) {
        begun = true;
        if (tag(rest.slice(at + 1, near))) {
          at = near + 1;
          continue;
        }
      }
      const end = tagEnd(at);
      if (end < 0) {
        if (rest.length - at > limits.tag) throw new HallwayError("too-large");
        if (size + rest.length - at > limit) throw new HallwayError("too-large");
        break;
      }
      if (end - at > limits.tag) throw new HallwayError("too-large");
      begun = true;
      if (!tag(rest.slice(at + 1, end))) throw new HallwayError("protocol-error");
      at = end + 1;
    }
    if (at > 0) {
      rest = rest.slice(at);
      scanned = Math.max(0, scanned - at);
    }
  }

  /** Index of the `>` that ends the tag at `from`, not counting those in quotes; -1: not there yet. */
  function tagEnd(from: number): number {
    if (scanned <= from) {
      scanned = from + 1;
      quote = 0;
    }
    for (let i = scanned; i < rest.length; i += 1) {
      const c = rest.charCodeAt(i);
      if (quote !== 0) {
        if (c === quote) quote = 0;
      } else if (c === 62 /* > */) {
        scanned = 0;
        return i;
      } else if (c === 34 || c === 39) quote = c;
      else if (c === 60 /* < */) throw new HallwayError("protocol-error");
    }
    scanned = rest.length;
    return -1;
  }

  return {
    get idle() {
      return depth === 1 && rest === "" && !inCdata;
    },
    write(chunk) {
      if (inside) throw new HallwayError("internal");
      if (ended) {
        if (/^[ \t\r\n]*$/.test(chunk)) return;
        throw new HallwayError("protocol-error");
      }
      inside = true;
      try {
        rest = rest === "" ? chunk : rest + chunk;
        run();
      } finally {
        inside = false;
      }
    },
  };
}

/** Where text without a following tag may be cut: not inside a reference, and not between CR and LF. */
function holdBack(source: string, from: number): number {
  let until = source.length;
  if (source.charCodeAt(until - 1) === 13) until -= 1;
  const amp = source.lastIndexOf("&", until - 1);
  if (amp >= from && source.indexOf(";", amp) < 0) {
    if (until - amp > 12) throw new HallwayError("protocol-error");
    return amp;
  }
  return until;
}

/** Namespaces in XML, section 5: a prefix that is used must be declared. */
function checkPrefixes(element: Element): void {
  const colon = element.name.indexOf(":");
  if (colon >= 0) {
    const prefix = element.name.slice(0, colon);
    if (prefix === "xmlns" || (prefix !== "xml" && !element.findNS(prefix))) throw new HallwayError("protocol-error");
  }
}
