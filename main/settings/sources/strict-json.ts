import { truncate } from "../../../shared/text/truncate.ts";

/** Text that is not the JSON it should be. `line` counts from 1. */
export class JsonError extends Error {
  readonly line: number;

  constructor(detail: string, line: number) {
    super(detail);
    this.name = "JsonError";
    this.line = line;
  }
}

const maxDepth = 32;
const space = /[ \t\n\r]*/y;
const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const otherToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** A member of the outermost object, and the line that its name stands in, from 1. */
export interface JsonMember {
  readonly value: unknown;
  readonly line: number;
}

/** A member of any object, and where its name begins. */
interface Member {
  readonly value: unknown;
  readonly start: number;
}

/**
 * Reads an object in JSON (RFC 8259), stricter than JSON.parse where a mistake of IT's could otherwise pass unseen: a
 * name that stands twice in one object is an error, and errors name their line. A byte order mark at the start is
 * skipped.
 */
export function parseObject(text: string): ReadonlyMap<string, JsonMember> {
  return new JsonReader(text).file();
}

/** Reads any value in JSON, as strictly. */
export function parseJson(text: string): unknown {
  return new JsonReader(text).value();
}

class JsonReader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith("\ufeff") ? 1 : 0;
  }

  file(): ReadonlyMap<string, JsonMember> {
    if (this.#next() !== "{")
      this.#fail(this.#isAtEnd ? "the file is empty" : "the file should hold one object in braces");
    const members = this.#object(1);
    this.#end("object");
    return new Map([...members].map(([name, { value, start }]) => [name, { value, line: this.#lineOf(start) }]));
  }

  value(): unknown {
    const result = this.#value(1);
    this.#end("value");
    return result;
  }

  #value(depth: number): unknown {
    if (depth > maxDepth) this.#fail("this is nested too deeply");
    const first = this.#next();
    if (first === "{")
      return Object.fromEntries([...this.#object(depth + 1)].map(([name, { value }]) => [name, value]));
    if (first === "[") return this.#list(depth + 1);
    if (first === '"') return this.#string();
    const token = this.#take(otherToken);
    if (token === undefined || token === "")
      this.#fail(this.#isAtEnd ? "the text ends where a value should be" : "a value should be here");
    return JSON.parse(token) as unknown;
  }

  #object(depth: number): ReadonlyMap<string, Member> {
    const members = new Map<string, Member>();
    this.#expect("{");
    if (this.#next() === "}") {
      this.#at += 1;
      return members;
    }
    for (;;) {
      this.#next();
      const start = this.#at;
      const name = this.#string();
      if (members.has(name)) this.#fail(`"${truncate(name, 100)}" appears twice here`, start);
      this.#expect(":");
      members.set(name, { value: this.#value(depth), start });
      if (this.#next() !== ",") break;
      this.#at += 1;
    }
    this.#expect("}");
    return members;
  }

  #list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.#expect("[");
    if (this.#next() === "]") {
      this.#at += 1;
      return items;
    }
    for (;;) {
      items.push(this.#value(depth));
      if (this.#next() !== ",") break;
      this.#at += 1;
    }
    this.#expect("]");
    return items;
  }

  #string(): string {
    const token = this.#take(stringToken);
    if (token === undefined) this.#fail("a text in double quotes should be here");
    return JSON.parse(token) as string;
  }

  #expect(character: string): void {
    if (this.#next() !== character)
      this.#fail(this.#isAtEnd ? `the text ends where "${character}" should be` : `"${character}" should be here`);
    this.#at += 1;
  }

  /** Nothing but space is left. */
  #end(what: string): void {
    this.#next();
    if (!this.#isAtEnd) this.#fail(`nothing may follow the ${what}`);
  }

  /** The next character that is no space, which is not taken yet; empty at the end. */
  #next(): string {
    this.#take(space);
    return this.#text.charAt(this.#at);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #fail(detail: string, where = this.#at): never {
    throw new JsonError(detail, this.#lineOf(where));
  }

  #lineOf(where: number): number {
    return this.#text.slice(0, where).split("\n").length;
  }
}
