import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { type Loss, WireElement } from "./element.ts";
import { isQualifiedName, type Tag, type TagLimits } from "./tokens.ts";

/** Reports of a stream parser: the root's start, each complete child of the root, and the root's end. */
export interface XmlListener {
  opened(root: Element): void;
  /** A child of the root, with as much of it as is within the limits (`lossOf`). */
  element(element: Element): void;
  ended(): void;
  /** Asked at the start tag of a child of the root: its own limit, where it may be longer than others. */
  allowance?(element: Element): number | undefined;
}

export interface XmlLimits extends TagLimits {
  /** Longest child of the root (a stanza), in bytes of UTF-8. */
  readonly stanza: number;
  /** Deepest nesting, the root counting as one. */
  readonly depth: number;
  /** Longest tag that is read, in UTF-16 units. */
  readonly tag: number;
}

export const defaultLimits: XmlLimits = {
  stanza: 1_048_576,
  depth: 64,
  tag: 1_048_576,
  attributes: 256,
  value: 65_536,
};

/** Levels of a skipped element whose names are remembered; deeper ones are counted only. */
const maxSkippedNames = 10_000;

/**
 * Elements out of the tokens of a stream, within limits. What is over a limit is left out of the stanza it belongs to,
 * and the stanza is told of it; only tokens that do not fit together are an error, `protocol-error`.
 *
 *            start tag over a limit            its end tag
 *   [built] ------------------------> [skipped] ---------> [built]
 */
export class TreeBuilder {
  readonly #listener: XmlListener;
  readonly #limits: XmlLimits;
  /** Depth of what is built. */
  #depth = 0;
  #root: WireElement | undefined;
  #cursor: WireElement | undefined;
  #stanza: WireElement | undefined;
  /** Bytes of the current stanza. */
  #size = 0;
  #limit: number;
  /** Nothing more of the current stanza is kept. */
  #cut = false;
  /** Open elements that are skipped, outermost first; undefined: the name was too long to be read. */
  readonly #skipped: (string | undefined)[] = [];
  #skippedDeeper = 0;
  #ended = false;

  constructor(listener: XmlListener, limits: XmlLimits) {
    this.#listener = listener;
    this.#limits = limits;
    this.#limit = limits.stanza;
  }

  /** Depth of what is open now, the root counting as one. */
  get depth(): number {
    return this.#depth + this.#skipped.length + this.#skippedDeeper;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** So many bytes belong to the current stanza. Answers how many of them are within its limit. */
  grow(bytes: number): number {
    const room = Math.max(0, this.#limit - this.#size);
    this.#size += bytes;
    if (bytes > room && this.#depth > 1) {
      this.#cut = true;
      this.#stanza?.lose("cut");
    }
    return Math.min(room, bytes);
  }

  /** As much of a text as there is room for. */
  text(value: string): void {
    if (this.#depth > 1) {
      if (this.#skipped.length === 0) this.#append(value);
      return;
    }
    // Between stanzas only white space may stand (RFC 6120 section 4.6.1: keep-alives).
    if (!/^[ \t\r\n]*$/.test(value)) throw new HallwayError("protocol-error");
    this.#reset();
  }

  /** `tag` undefined: it is too long to be read, and `name` is as much as is known of it. */
  start(tag: Tag | undefined, name: string | undefined, empty: boolean): void {
    if (this.#ended) throw new HallwayError("protocol-error");
    const before = this.#depth;
    if (this.#skipped.length > 0 || (before > 1 && this.#isOver(tag))) this.#skip(name, empty);
    else {
      this.#open(tag, name ?? "");
      if (empty) this.#close();
    }
  }

  /** `name` undefined: it is too long to be read. */
  end(name: string | undefined): void {
    if (this.#skippedDeeper > 0) {
      this.#skippedDeeper -= 1;
      return;
    }
    if (this.#skipped.length > 0) {
      if (this.#skipped.pop() !== name) throw new HallwayError("protocol-error");
      return;
    }
    if (this.#depth === 0 || this.#cursor?.written !== name) throw new HallwayError("protocol-error");
    this.#close();
  }

  /** Is there no room for this element within the one that is open? */
  #isOver(tag: Tag | undefined): boolean {
    const over = tag === undefined || this.#cut || this.#depth >= this.#limits.depth || !this.#hasNamespace(tag);
    if (over) this.#stanza?.lose("trimmed");
    return over;
  }

  /**
   * Namespaces in XML, section 5: a prefix that is used must be declared. Servers that know no namespaces pass on what
   * has none.
   */
  #hasNamespace({ name, attrs }: Tag): boolean {
    const colon = name.indexOf(":");
    if (colon < 0) return true;
    const prefix = name.slice(0, colon);
    if (!isQualifiedName(name) || prefix === "xmlns") return false;
    return (
      prefix === "xml" || Boolean(attrs[`xmlns:${prefix}`]) || Boolean((this.#cursor ?? this.#root)?.findNS(prefix))
    );
  }

  #skip(name: string | undefined, empty: boolean): void {
    if (empty) return;
    if (this.#skippedDeeper > 0 || this.#skipped.length >= maxSkippedNames) this.#skippedDeeper += 1;
    else this.#skipped.push(name);
  }

  #open(tag: Tag | undefined, name: string): void {
    const isRoot = this.#root === undefined;
    const isReadable = tag !== undefined && this.#hasNamespace(tag);
    // Without its header there is no stream.
    if (isRoot && !isReadable) throw new HallwayError(tag === undefined ? "too-large" : "protocol-error");
    const element = new WireElement(name);
    if (isReadable) element.attrs = tag.attrs;
    this.#depth += 1;
    if (isRoot) this.#root = element;
    else {
      const parent = this.#cursor ?? this.#root;
      element.parent = parent ?? null;
      if (isReadable) element.resolvePrefix();
      if (this.#depth === 2) this.#begin(element, isReadable);
      else parent?.children.push(element);
    }
    if (tag?.trimmed) this.#stanza?.lose("trimmed");
    this.#cursor = element;
    if (isRoot) {
      this.#reset();
      this.#listener.opened(element);
    }
  }

  /** A child of the root. */
  #begin(element: WireElement, isReadable: boolean): void {
    this.#stanza = element;
    if (isReadable) this.#limit = this.#listener.allowance?.(element) ?? this.#limits.stanza;
    const loss: Loss | undefined = isReadable ? (this.#size > this.#limit ? "cut" : undefined) : "headless";
    if (loss === undefined) return;
    this.#limit = 0;
    element.lose(loss);
  }

  #close(): void {
    const done = this.#cursor;
    if (!done || !this.#root) throw new HallwayError("protocol-error");
    this.#depth -= 1;
    if (this.#depth === 0) {
      this.#ended = true;
      this.#listener.ended();
    } else if (this.#depth === 1) {
      this.#cursor = this.#root;
      this.#reset();
      this.#listener.element(done);
    } else {
      this.#cursor = done.parent instanceof WireElement ? done.parent : this.#root;
    }
  }

  #append(value: string): void {
    if (!this.#cursor || value === "") return;
    const { children } = this.#cursor;
    const last = children.length - 1;
    const before = children[last];
    if (typeof before === "string") children[last] = before + value;
    else children.push(value);
  }

  #reset(): void {
    this.#size = 0;
    this.#limit = this.#limits.stanza;
    this.#cut = false;
    this.#stanza = undefined;
  }
}
