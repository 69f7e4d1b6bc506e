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

/**
 * Reads an object in JSON (RFC 8259), stricter than JSON.parse where a mistake of IT's could otherwise pass unseen: a
 * name that stands twice in one object is an error, and errors name their line. A byte order mark at the start is
 * skipped.
 */
export function parseObject(text: string): ReadonlyMap<string, JsonMember> {
  const reader = createReader(text);
  return reader.file();
}

/** Reads any value in JSON, as strictly. */
export function parseJson(text: string): unknown {
  const reader = createReader(text);
  return reader.value();
}

function createReader(text: string): { file(): ReadonlyMap<string, JsonMember>; value(): unknown } {
  let at = text.startsWith("\ufeff") ? 1 : 0;

  function fail(detail: string, where = at): never {
    throw new JsonError(detail, lineOf(where));
  }

  function lineOf(where: number): number {
    return text.slice(0, where).split("\n").length;
  }

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }

  function next(): string {
    take(space);
    return text.charAt(at);
  }

  function expect(character: string): void {
    if (next() !== character)
      fail(at >= text.length ? `the text ends where "${character}" should be` : `"${character}" should be here`);
    at += 1;
  }

  function string(): string {
    const token = take(stringToken);
    if (token === undefined) fail("a text in double quotes should be here");
    return JSON.parse(token) as string;
  }

  function list(depth: number): unknown[] {
    const items: unknown[] = [];
    expect("[");
    if (next() === "]") {
      at += 1;
      return items;
    }
    for (;;) {
      items.push(value(depth));
      if (next() !== ",") break;
      at += 1;
    }
    expect("]");
    return items;
  }

  function object(depth: number): Map<string, { readonly value: unknown; readonly start: number }> {
    const members = new Map<string, { readonly value: unknown; readonly start: number }>();
    expect("{");
    if (next() === "}") {
      at += 1;
      return members;
    }
    for (;;) {
      next();
      const start = at;
      const name = string();
      if (members.has(name)) fail(`"${truncate(name, 100)}" appears twice here`, start);
      expect(":");
      members.set(name, { value: value(depth), start });
      if (next() !== ",") break;
      at += 1;
    }
    expect("}");
    return members;
  }

  function value(depth: number): unknown {
    if (depth > maxDepth) fail("this is nested too deeply");
    const first = next();
    if (first === "{") return Object.fromEntries([...object(depth + 1)].map(([name, member]) => [name, member.value]));
    if (first === "[") return list(depth + 1);
    if (first === '"') return string();
    const token = take(otherToken);
    if (token === undefined || token === "")
      fail(at >= text.length ? "the text ends where a value should be" : "a value should be here");
    return JSON.parse(token) as unknown;
  }

  function end(what: string): void {
    next();
    if (at < text.length) fail(`nothing may follow the ${what}`);
  }

  return {
    file() {
      if (next() !== "{") fail(at >= text.length ? "the file is empty" : "the file should hold one object in braces");
      const members = object(1);
      end("object");
      return new Map([...members].map(([name, member]) => [name, { value: member.value, line: lineOf(member.start) }]));
    },
    value() {
      const result = value(1);
      end("value");
      return result;
    },
  };
}
