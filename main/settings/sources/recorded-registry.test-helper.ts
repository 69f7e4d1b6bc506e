import { type RegistryReader, type RegistryValue, registryTypes } from "./registry.ts";

type Recorded = readonly [keyof typeof registryTypes, string | readonly string[]];

/** A registry as it was recorded: path -> name -> type and content, which is text, lines, or bytes in hexadecimal. */
export type RecordedTree = Readonly<Record<string, Readonly<Record<string, Recorded>>>>;

/** Reads a recorded tree as the registry would: names of keys in any case, sub-keys by their names. */
export function recordedRegistry(tree: RecordedTree): RegistryReader {
  const keys = new Map(Object.entries(tree).map(([path, values]) => [path.toLowerCase(), values]));
  return {
    readKey(hive, path) {
      const full = `${hive}\\${path}`.toLowerCase();
      const values = keys.get(full);
      const below = Object.keys(tree).filter((name) => name.toLowerCase().startsWith(`${full}\\`));
      const subKeys = [...new Set(below.map((name) => name.slice(full.length + 1).split("\\")[0] ?? ""))];
      if (!values && subKeys.length === 0) return undefined;
      return {
        values: new Map(Object.entries(values ?? {}).map(([name, recorded]) => [name, toValue(recorded)])),
        subKeys,
      };
    },
  };
}

function toValue([type, content]: Recorded): RegistryValue {
  if (typeof content !== "string")
    return { type: registryTypes[type], data: Buffer.from(`${content.join("\0")}\0\0`, "utf16le") };
  const isText = type === "REG_SZ" || type === "REG_EXPAND_SZ";
  return {
    type: registryTypes[type],
    data: isText ? Buffer.from(`${content}\0`, "utf16le") : Buffer.from(content, "hex"),
  };
}
