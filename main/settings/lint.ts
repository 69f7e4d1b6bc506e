import { open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { maskSecrets } from "./mask.ts";
import { type Declarations, type Resolved, resolveAll } from "./resolve.ts";
import { declarationOf, keyProblem, layOver, type PolicyLevel } from "./sources/merge.ts";
import { readPlist } from "./sources/plist/plist.ts";
import { PlistError } from "./sources/plist/plist-error.ts";
import type { PolicyValue } from "./sources/source.ts";
import { JsonError, parseObject } from "./sources/strict-json.ts";

/** What is said of one key, or of one file. Values are masked. */
export type Finding = { readonly file: string; readonly line?: number } & (
  | {
      readonly kind: "sets";
      readonly key: string;
      readonly level: PolicyLevel;
      readonly value: unknown;
      /** A later file says otherwise. */
      readonly replacedBy?: { readonly file: string; readonly line?: number };
    }
  | { readonly kind: "unknown-key"; readonly key: string; readonly suggestion?: string }
  | { readonly kind: "personal" | "mandatory-only"; readonly key: string }
  /** `path` from the key on; `instead` would be in force. */
  | { readonly kind: "invalid"; readonly key: string; readonly path: string; readonly instead: unknown }
  | { readonly kind: "unreadable" | "malformed"; readonly detail: string }
);

/** Somebody who uses a value of the right form and may find that it cannot be used all the same. */
export interface Use {
  readonly key: string;
  /** The place that cannot be used, and what is done instead. */
  readonly unusable: (value: unknown) => { readonly path: string; readonly instead: unknown } | undefined;
}

const maxBytes = 1024 * 1024;

/**
 * Looks at policy files before they are rolled out: JSON as on Linux, or property lists (`*.plist`) as on macOS. The files
 * count in the order given. A file in a folder named `recommended` is taken for recommendations. Who owns a file is not looked at.
 * `uses`: what only those who use a value can say.
 */
export async function lintFiles(
  files: readonly string[],
  declarations: Declarations,
  recommended: boolean,
  uses: readonly Use[] = [],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const levels = { mandatory: new Map<string, PolicyValue>(), recommended: new Map<string, PolicyValue>() };
  const said: { readonly file: string; readonly level: PolicyLevel; readonly key: string; readonly value: PolicyValue }[] = [];
  for (const file of files) {
    const level: PolicyLevel = recommended || basename(dirname(file)) === "recommended" ? "recommended" : "mandatory";
    try {
      const entries = await readEntries(file);
      layOver(levels[level], entries, level, declarations, []);
      for (const [key, value] of entries) said.push({ file, level, key, value });
    } catch (error) {
      findings.push(fileFinding(file, error));
    }
  }
  for (const { file, level, key, value } of said) {
    const last = levels[level].get(key);
    const here = { file, ...(value.line === undefined ? {} : { line: value.line }) };
    findings.push({ ...here, ...keyFinding(declarations, key, level, value, last, uses) });
  }
  const order = new Map(files.map((file, n) => [file, n]));
  return findings.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || (a.line ?? 0) - (b.line ?? 0));
}

type KeyFinding = Finding extends infer F ? (F extends { readonly key: string } ? Omit<F, "file" | "line"> : never) : never;

function keyFinding(
  declarations: Declarations,
  key: string,
  level: PolicyLevel,
  value: PolicyValue,
  last: PolicyValue | undefined,
  uses: readonly Use[],
): KeyFinding {
  const declaration = declarationOf(declarations, key);
  if (!declaration) {
    const suggestion = nearest(key, Object.keys(declarations));
    return { kind: "unknown-key", key, ...(suggestion === undefined ? {} : { suggestion }) };
  }
  if (keyProblem(declarations, key, level)) return { kind: declaration.policy === "none" ? "personal" : "mandatory-only", key };
  const alone = new Map([[key, value]]);
  const policy = { mandatory: new Map<string, PolicyValue>(), recommended: new Map<string, PolicyValue>(), [level]: alone };
  const resolved: Resolved | undefined = resolveAll({ [key]: declaration }, policy, new Map()).get(key);
  if (resolved?.error) return { kind: "invalid", key, path: String(resolved.error.params?.["path"] ?? key), instead: maskSecrets(resolved.value) };
  for (const use of uses) {
    const unusable = use.key === key ? use.unusable(resolved?.value) : undefined;
    if (unusable) return { kind: "invalid", key, path: unusable.path, instead: maskSecrets(unusable.instead) };
  }
  const replaced = last !== undefined && last !== value && last.source !== value.source;
  const by = replaced ? { replacedBy: { file: last.source, ...(last.line === undefined ? {} : { line: last.line }) } } : {};
  return { kind: "sets", key, level, value: maskSecrets(value.value), ...by };
}

async function readEntries(file: string): Promise<ReadonlyMap<string, PolicyValue>> {
  const bytes = await readBounded(file);
  if (file.endsWith(".plist")) return new Map([...readPlist(bytes)].map(([key, value]) => [key, { value, source: file }]));
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonError("it is not in UTF-8", 1);
  }
  return new Map([...parseObject(text)].map(([key, { value, line }]) => [key, { value, line, source: file }]));
}

async function readBounded(file: string): Promise<Uint8Array> {
  const handle = await open(file, "r");
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error("it is not a regular file");
    if (found.size > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function fileFinding(file: string, error: unknown): Finding {
  if (error instanceof JsonError || error instanceof PlistError) {
    return { file, ...(error.line === undefined ? {} : { line: error.line }), kind: "malformed", detail: error.message };
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return { file, kind: "unreadable", detail: code ?? (error instanceof Error ? error.message : "?") };
}

/** The name that was probably meant: the same in another case, or at most two letters away. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  if (name.length > 100) return undefined;
  const wanted = name.toLowerCase();
  const distances = names.map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }));
  return distances.filter(({ distance }) => distance <= 2).sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** Letters to put in, take out or change (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + (letter === b[j] ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
