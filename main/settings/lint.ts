import { open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isReason, type Reason } from "../../shared/settings/reasons.ts";
import type { Consequence } from "./consequences/consequence.ts";
import { maskSecrets } from "./mask.ts";
import { nearest } from "./nearest.ts";
import { type Declarations, type Resolved, resolveAll } from "./resolve.ts";
import { declarationOf, keyProblem, MergedLevel, type PolicyLevel } from "./sources/merge.ts";
import { readPlist } from "./sources/plist/plist.ts";
import { PlistError } from "./sources/plist/plist-error.ts";
import type { PolicyValue } from "./sources/source.ts";
import { JsonError, parseObject } from "./sources/strict-json.ts";
import { isLooser } from "./tightness.ts";

/** Finding about one key, or one file. Values are masked. */
export type Finding = { readonly file: string; readonly line?: number } & (
  | {
      readonly kind: "sets";
      readonly key: string;
      readonly level: PolicyLevel;
      readonly value: unknown;
      /** Another file says otherwise, and counts. */
      readonly replacedBy?: { readonly file: string; readonly line?: number; readonly looser: boolean };
    }
  /** Other places say something else of a key of the same atomic group. */
  | { readonly kind: "conflict"; readonly key: string; readonly place: string }
  | ({ readonly kind: "consequence" } & Consequence)
  | { readonly kind: "unknown-key"; readonly key: string; readonly suggestion?: string }
  | { readonly kind: "personal" | "mandatory-only"; readonly key: string }
  /** `path` from the key on; `instead` would be in force. */
  | {
      readonly kind: "invalid";
      readonly key: string;
      readonly path: string;
      readonly instead: unknown;
      readonly reason?: Reason;
    }
  | { readonly kind: "unreadable" | "malformed"; readonly detail: string }
);

const maxBytes = 1024 * 1024;

export interface LintOptions {
  readonly declarations: Declarations;
  /** All files are recommendations. */
  readonly recommended: boolean;
  /** Absent: none are looked for. */
  readonly consequences?: (resolved: ReadonlyMap<string, Resolved>) => readonly Consequence[];
}

/** Value of a key in a file. */
interface Said {
  readonly file: string;
  readonly level: PolicyLevel;
  readonly key: string;
  readonly value: PolicyValue;
}

/**
 * Looks at policy files before they are rolled out: JSON as on Linux, or property lists (`*.plist`) as on macOS. The
 * files count in the order given. A file in a folder named `recommended` is taken for recommendations. Who owns a file
 * is not looked at. What follows from all of them together is said at the last place that names the key.
 */
export async function lintFiles(
  files: readonly string[],
  { declarations, recommended, consequences = () => [] }: LintOptions,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const merged = {
    mandatory: new MergedLevel("mandatory", declarations),
    recommended: new MergedLevel("recommended", declarations),
  };
  const said: Said[] = [];
  for (const file of files) {
    const level: PolicyLevel = recommended || basename(dirname(file)) === "recommended" ? "recommended" : "mandatory";
    try {
      const entries = await readEntries(file);
      merged[level].add(entries);
      for (const [key, value] of entries) said.push({ file, level, key, value });
    } catch (error) {
      findings.push(fileFinding(file, error));
    }
  }
  const levels = { mandatory: merged.mandatory.values, recommended: merged.recommended.values };
  for (const one of said) {
    const { file, level, key, value } = one;
    const last = levels[level].get(key);
    const here = { file, ...(value.line === undefined ? {} : { line: value.line }) };
    findings.push({ ...here, ...keyFinding(declarations, one, last) });
    const conflict = level === "mandatory" ? conflictWith(value, last) : undefined;
    if (conflict !== undefined) findings.push({ ...here, kind: "conflict", key, place: conflict });
  }
  for (const consequence of consequences(resolveAll(declarations, levels, new Map()))) {
    const { key } = consequence;
    const at =
      levels.mandatory.get(key) ??
      levels.recommended.get(key) ??
      [...levels.mandatory.values(), ...levels.recommended.values()][0];
    if (at)
      findings.push({
        file: at.source,
        ...(at.line === undefined ? {} : { line: at.line }),
        kind: "consequence",
        ...consequence,
      });
  }
  const order = new Map(files.map((file, n) => [file, n]));
  return findings.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || (a.line ?? 0) - (b.line ?? 0));
}

type KeyFinding = Finding extends infer F
  ? F extends { readonly key: string }
    ? Omit<F, "file" | "line">
    : never
  : never;

/** `last`: the value of the key that counts. */
function keyFinding(
  declarations: Declarations,
  { key, level, value }: Said,
  last: PolicyValue | undefined,
): KeyFinding {
  const declaration = declarationOf(declarations, key);
  if (!declaration) {
    const suggestion = nearest(key, Object.keys(declarations));
    return { kind: "unknown-key", key, ...(suggestion === undefined ? {} : { suggestion }) };
  }
  if (keyProblem(declarations, key, level))
    return { kind: declaration.policy === "none" ? "personal" : "mandatory-only", key };
  const alone = new Map([[key, value]]);
  const policy = {
    mandatory: new Map<string, PolicyValue>(),
    recommended: new Map<string, PolicyValue>(),
    [level]: alone,
  };
  const resolved: Resolved | undefined = resolveAll({ [key]: declaration }, policy, new Map()).get(key);
  if (resolved?.error) {
    const { path = key, reason } = resolved.error.params ?? {};
    return {
      kind: "invalid",
      key,
      path: String(path),
      instead: maskSecrets(resolved.value),
      ...(isReason(reason) ? { reason } : {}),
    };
  }
  const replaced =
    last !== undefined &&
    last.source !== value.source &&
    last.conflict === undefined &&
    !isDeepStrictEqual(last.value, value.value);
  const looser = replaced && isLooser(declaration, last.value, value.value);
  const by = replaced
    ? { replacedBy: { file: last.source, ...(last.line === undefined ? {} : { line: last.line }), looser } }
    : {};
  return { kind: "sets", key, level, value: maskSecrets(value.value), ...by };
}

/** The place with which a value is in conflict: the one before it, or for the first the one that counts. */
function conflictWith(value: PolicyValue, last: PolicyValue | undefined): string | undefined {
  if (last?.conflict === undefined) return undefined;
  if (last.source === value.source && last.line === value.line) return last.conflict;
  return last.line === undefined ? last.source : `${last.source}:${last.line}`;
}

async function readEntries(file: string): Promise<ReadonlyMap<string, PolicyValue>> {
  const bytes = await readBounded(file);
  if (file.endsWith(".plist"))
    return new Map([...readPlist(bytes)].map(([key, value]) => [key, { value, source: file }]));
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
    return {
      file,
      ...(error.line === undefined ? {} : { line: error.line }),
      kind: "malformed",
      detail: error.message,
    };
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return { file, kind: "unreadable", detail: code ?? (error instanceof Error ? error.message : "?") };
}
