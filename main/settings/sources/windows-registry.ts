import type { SettingKind } from "../../../shared/settings/kinds.ts";
import { truncate } from "../../../shared/text/truncate.ts";
import type { Declarations } from "../resolve.ts";
import { declarationOf, MergedLevel, type PolicyLevel } from "./merge.ts";
import { pollEvery } from "./poll.ts";
import { readingOf } from "./problems.ts";
import { type RegistryKey, type RegistryReader, type RegistryValue, registryTypes } from "./registry.ts";
import type { PolicyProblem, PolicyReading, PolicySource, PolicyValue } from "./source.ts";
import { JsonError, parseJson } from "./strict-json.ts";

export interface WindowsRegistryOptions {
  readonly declarations: Declarations;
  /** Asked at each reading until it succeeds; main/settings/sources/system.ts hands in openRegistry. */
  readonly open: () => Promise<RegistryReader>;
  /** How often it looks, in milliseconds; 15 minutes. The registry is not watched. */
  readonly poll?: number;
}

const root = "Software\\Policies\\Hallway";
const recommended = "Recommended";
/** Bounds: the length of one value in bytes, the values of one key, and the entries of one list. */
const maxValueBytes = 1024 * 1024;
const maxValues = 2000;

/**
 * Stands for a value that has not the form that its setting needs. It passes no setting's schema, so that resolve.ts
 * takes the restricted value; null would not do, for it is a value of some, such as "no notice".
 */
const unusable = Object.freeze({ unusable: true });

/** A value that is there but is not of the form that its setting needs. */
class WrongForm extends Error {}

/**
 * Policy in the registry, as Group Policy writes it: HKLM, then HKCU, `\Software\Policies\Hallway`, the machine over
 * the user; `Recommended` below it for recommendations. REG_DWORD for booleans (0, 1) and whole numbers, REG_SZ for
 * text, REG_SZ or REG_MULTI_SZ holding JSON for structures, and for a list a sub-key with values named 1, 2, 3... in
 * that order; gaps do no harm. Names are the same in any case, as everywhere in the registry. A value of another type
 * is there and cannot be used: the setting is restricted. REG_EXPAND_SZ is another type, for the person's environment
 * has no say in a policy.
 */
export class WindowsRegistry implements PolicySource {
  readonly #options: WindowsRegistryOptions;
  /** Keys of the settings, by their names in lower case. */
  readonly #names: ReadonlyMap<string, string>;
  #registry: RegistryReader | undefined;

  constructor(options: WindowsRegistryOptions) {
    this.#options = options;
    this.#names = new Map(Object.keys(options.declarations).map((key) => [key.toLowerCase(), key]));
  }

  async read(): Promise<PolicyReading> {
    try {
      this.#registry ??= await this.#options.open();
    } catch {
      const detail = "The part of Hallway that reads the registry is not installed.";
      const problems: PolicyProblem[] = [{ kind: "unreadable", source: `HKLM\\${root}`, detail }];
      return readingOf({
        mandatory: { values: new Map(), problems },
        recommended: { values: new Map(), problems: [] },
      });
    }
    return readingOf({
      mandatory: this.#readLevel(this.#registry, "mandatory"),
      recommended: this.#readLevel(this.#registry, "recommended"),
    });
  }

  watch(changed: () => void): () => void {
    return pollEvery(this.#options.poll, changed);
  }

  #readLevel(reader: RegistryReader, level: PolicyLevel): MergedLevel {
    const merged = new MergedLevel(level, this.#options.declarations);
    for (const hive of ["HKCU", "HKLM"] as const) {
      const path = level === "mandatory" ? root : `${root}\\${recommended}`;
      try {
        merged.add(this.#readHive(reader, { hive, path }, merged.problems));
      } catch {
        merged.problems.push({ kind: "unreadable", source: `${hive}\\${path}`, detail: "It cannot be read." });
      }
    }
    return merged;
  }

  #readHive(
    reader: RegistryReader,
    { hive, path }: { readonly hive: "HKLM" | "HKCU"; readonly path: string },
    problems: PolicyProblem[],
  ): ReadonlyMap<string, PolicyValue> {
    const found = new Map<string, PolicyValue>();
    const key = reader.readKey(hive, path);
    if (!key) return found;
    if (key.values.size > maxValues || key.subKeys.length > maxValues) throw new Error("too many values");

    const take = (written: string, isSubKey: boolean, read: (kind: SettingKind) => unknown): void => {
      const name = this.#names.get(written.toLowerCase()) ?? written;
      const source = `${hive}\\${path}\\${truncate(written, 200)}`;
      const declaration = declarationOf(this.#options.declarations, name);
      let value: unknown = unusable;
      try {
        if (declaration) value = read(declaration.kind);
      } catch (error) {
        problems.push({
          kind: "invalid-value",
          source,
          key: name,
          detail: error instanceof WrongForm ? error.message : "It cannot be read.",
        });
      }
      // A list as a value and as a sub-key: one of them is wrong, so neither counts.
      const twice = isSubKey && found.has(name);
      found.set(name, { value: twice ? unusable : value, source });
    };

    for (const [written, value] of key.values) {
      if (written === "") continue;
      take(written, false, (kind) => fromValue(value, kind));
    }
    for (const written of key.subKeys) {
      if (path === root && written.toLowerCase() === recommended.toLowerCase()) continue;
      take(written, true, (kind) => fromSubKey(reader.readKey(hive, `${path}\\${written}`), kind));
    }
    return found;
  }
}

/** A single value in the form of its setting. Throws WrongForm. */
function fromValue({ type, data }: RegistryValue, kind: SettingKind): unknown {
  if (data.length > maxValueBytes) throw new WrongForm(`It is longer than ${maxValueBytes} bytes.`);
  if (kind.type === "boolean" || kind.type === "integer") {
    if (type !== registryTypes.REG_DWORD || data.length !== 4) throw new WrongForm("It should be a REG_DWORD.");
    const number = new DataView(data.buffer, data.byteOffset, 4).getUint32(0, true);
    if (kind.type === "integer") return number;
    if (number > 1) throw new WrongForm("It should be 0 or 1.");
    return number === 1;
  }
  if (kind.type === "list") throw new WrongForm("A list should be a sub-key with values named 1, 2, 3 and so on.");
  if (kind.type === "structure") {
    if (type !== registryTypes.REG_SZ && type !== registryTypes.REG_MULTI_SZ)
      throw new WrongForm("It should be a REG_SZ or REG_MULTI_SZ that holds JSON.");
    const text = decode(data);
    try {
      return parseJson(type === registryTypes.REG_MULTI_SZ ? text.replaceAll("\0", "\n") : text);
    } catch (error) {
      throw new WrongForm(
        error instanceof JsonError ? `Line ${error.line} of its JSON: ${error.message}.` : "It is not JSON.",
      );
    }
  }
  if (type !== registryTypes.REG_SZ) throw new WrongForm("It should be a REG_SZ.");
  const text = decode(data);
  if (text.includes("\0")) throw new WrongForm("It holds a zero character.");
  return text;
}

/** A list: the values of a sub-key in the order of the numbers that are their names. Throws WrongForm. */
function fromSubKey(key: RegistryKey | undefined, kind: SettingKind): readonly unknown[] {
  if (kind.type !== "list") throw new WrongForm("This setting is no list, so it should be a value and not a sub-key.");
  const entries = [...(key?.values ?? [])].filter(([name]) => name !== "");
  if (entries.length > maxValues) throw new WrongForm(`It has more than ${maxValues} entries.`);
  const numbered = entries.map(([name, value]) => {
    // An entry that is left out could be the one that forbids, so one bad name spoils the list.
    if (!/^[1-9]\d{0,5}$/.test(name)) throw new WrongForm("The names of a list's values should be 1, 2, 3 and so on.");
    return { at: Number(name), text: fromValue(value, { type: "text", maxLength: maxValueBytes }) };
  });
  return numbered.sort((a, b) => a.at - b.at).map(({ text }) => text);
}

/** UTF-16LE without the zeros at its end, which may be there or not (RegQueryValueExW, remarks). */
function decode(data: Uint8Array): string {
  if (data.length % 2 !== 0) throw new WrongForm("Its text is cut off in the middle of a character.");
  try {
    return new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }).decode(data).replace(/\0+$/, "");
  } catch {
    throw new WrongForm("Its text is not in UTF-16.");
  }
}
