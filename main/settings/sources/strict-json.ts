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

/**
 * Reads an object in JSON (RFC 8259), stricter than JSON.parse where a mistake of IT's could otherwise pass unseen: a name
 * that stands twice in one object is an error, and errors name their line. A byte order mark at the start is skipped.
 */
export function parseObject(text: string): ReadonlyMap<string, unknown> {
  let at = text.startsWith("\ufeff") ? 1 : 0;

  function fail(detail: string, where = at): never {
    throw new JsonError(detail, text.slice(0, where).split("\n").length);
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
    if (next() !== character) fail(at >= text.length ? `the text ends where "${character}" should be` : `"${character}" should be here`);
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

  function object(depth: number): Map<string, unknown> {
    const members = new Map<string, unknown>();
    expect("{");
    if (next() === "}") {
      at += 1;
      return members;
    }
    for (;;) {
      next();
      const start = at;
      const name = string();
      if (members.has(name)) fail(`"${name.slice(0, 100)}" stands here twice`, start);
      expect(":");
      members.set(name, value(depth));
      if (next() !== ",") break;
      at += 1;
    }
    expect("}");
    return members;
  }

  function value(depth: number): unknown {
    if (depth > maxDepth) fail("this is nested too deeply");
    const first = next();
    if (first === "{") return Object.fromEntries(object(depth + 1));
    if (first === "[") return list(depth + 1);
    if (first === '"') return string();
    const token = take(otherToken);
    if (token === undefined || token === "") fail(at >= text.length ? "the text ends where a value should be" : "a value should be here");
    return JSON.parse(token) as unknown;
  }

  if (next() !== "{") fail(at >= text.length ? "the file is empty" : "the file should hold one object in braces");
  const result = object(1);
  next();
  if (at < text.length) fail("nothing may follow the object");
  return result;
}
