import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";

/** A constant that limits what comes in, what is kept or how long something takes. */
export interface Bound {
  /** Path from the top of the checkout. */
  readonly file: string;
  readonly line: number;
  /** `name`, or `object.name` for a member of a constant with several. */
  readonly name: string;
  /** Its value as it is written. */
  readonly value: string;
  /** Where the value stands in the text of the file, in UTF-16 units. */
  readonly at: number;
}

const rooms = ["main", "shared", "renderer"];
const isTest = /\.test\.|\.test-helper\.|\/testing\/|\/conformance|^renderer\/dev\//;
const names = "(?:max|most|longest|limit|patience)(?:[A-Z]\\w*)?|\\w+Patience";
const single = new RegExp(`^(?:export )?const (${names})(?:: \\w+)? = ([^;{["\`]+);`, "gm");
const several = /^(?:export )?const (\w*[lL]imits)(?:: \w+)? = \{([^}]*)\};/gm;
const member = /(\w+): ([\d_]+(?: (?:<<|\*) [\d_]+)*)/g;

/** The bounds that a text declares at its top level. */
export function boundsOf(file: string, text: string): readonly Bound[] {
  const bounds: Bound[] = [];
  const add = (name: string, value: string, at: number): void =>
    void bounds.push({ file, line: text.slice(0, at).split("\n").length, name, value, at });
  for (const { 0: whole, 1: name = "", 2: value = "", index } of text.matchAll(single))
    add(name, value, index + whole.length - 1 - value.length);
  for (const { 0: whole, 1: name = "", 2: members = "", index } of text.matchAll(several)) {
    const from = index + whole.length - "};".length - members.length;
    for (const { 0: one, 1: key = "", 2: value = "", index: place } of members.matchAll(member))
      add(`${name}.${key}`, value, from + place + one.length - value.length);
  }
  return bounds;
}

/** The bounds of the program, in order of their files. */
export async function findBounds(root: string): Promise<readonly Bound[]> {
  const files: string[] = [];
  for (const room of rooms)
    for await (const path of glob(`${room}/**/*.{ts,tsx}`, { cwd: root })) if (!isTest.test(path)) files.push(path);
  return files.sort().flatMap((file) => boundsOf(file, readFileSync(join(root, file), "utf8")));
}
