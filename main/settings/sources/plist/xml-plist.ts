import { SaxesParser } from "saxes";
import { truncate } from "../../../../shared/text/truncate.ts";
import { maxPlistDepth, maxPlistValues, PlistError } from "./plist-error.ts";

/** A dictionary or array that is being read. */
type Container =
  | { readonly kind: "dict"; readonly members: Map<string, unknown>; key: string | undefined }
  | { readonly kind: "array"; readonly items: unknown[] };

const scalars = new Set(["key", "string", "integer", "real", "true", "false", "date", "data"]);

/**
 * Reads a property list in XML (PropertyList-1.0.dtd). No entity but XML's own five is known, and none can be declared.
 * Errors: PlistError.
 */
export function readXmlPlist(text: string): unknown {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: string[] = [];
  const containers: Container[] = [];
  let characters = "";
  let count = 0;
  let result: { readonly value: unknown } | undefined;

  function fail(detail: string): never {
    throw new PlistError(detail, parser.line);
  }

  function put(value: unknown): void {
    count += 1;
    if (count > maxPlistValues) fail("it holds too many values");
    const inside = containers.at(-1);
    if (!inside) {
      if (result) fail("it holds more than one value");
      result = { value };
    } else if (inside.kind === "array") inside.items.push(value);
    else {
      if (inside.key === undefined) fail("a value stands here without its key");
      inside.members.set(inside.key, value);
      inside.key = undefined;
    }
  }

  parser.on("error", (error) => {
    throw new PlistError(error.message.replace(/^[\d:]+ /, "").replace(/\.$/, ""), parser.line);
  });
  parser.on("doctype", (doctype) => {
    if (doctype.includes("[")) fail("its document type may declare nothing of its own");
  });
  parser.on("opentag", ({ name }) => {
    const parent = open.at(-1);
    if (open.length === 0 ? name !== "plist" : parent !== "plist" && parent !== "dict" && parent !== "array")
      fail(`<${truncate(name, 50)}> is not allowed here`);
    if (open.length > maxPlistDepth) fail("it is nested too deeply");
    open.push(name);
    characters = "";
    if (name === "dict") containers.push({ kind: "dict", members: new Map(), key: undefined });
    else if (name === "array") containers.push({ kind: "array", items: [] });
    else if (name !== "plist" && !scalars.has(name)) fail(`<${truncate(name, 50)}> is not known`);
  });
  parser.on("text", (more) => {
    const inside = open.at(-1);
    if (inside !== undefined && scalars.has(inside)) characters += more;
    else if (more.trim() !== "") fail("text is not allowed here");
  });
  parser.on("cdata", (more) => {
    characters += more;
  });
  parser.on("closetag", ({ name }) => {
    open.pop();
    if (name === "dict" || name === "array") {
      const done = containers.pop();
      if (done?.kind === "dict") {
        if (done.key !== undefined) fail("a key stands here without its value");
        put(Object.fromEntries(done.members));
      } else put(done?.items);
    } else if (name === "key") takeKey(characters);
    else if (name !== "plist") put(scalar(name, characters, fail));
  });

  function takeKey(key: string): void {
    const inside = containers.at(-1);
    if (inside?.kind !== "dict" || inside.key !== undefined) fail("a key is not allowed here");
    else if (inside.members.has(key)) fail(`"${truncate(key, 100)}" appears twice here`);
    else inside.key = key;
  }

  parser.write(text).close();
  if (!result) fail("it holds no value");
  return result.value;
}

function scalar(name: string, text: string, fail: (detail: string) => never): unknown {
  if (name === "true" || name === "false") return text.trim() === "" ? name === "true" : fail(`<${name}> holds text`);
  if (name === "string") return text;
  if (name === "integer" || name === "real") {
    const number = Number(text.trim());
    const good = text.trim() !== "" && (name === "real" ? Number.isFinite(number) : Number.isSafeInteger(number));
    return good ? number : fail(`this is not a number that <${name}> can hold`);
  }
  return null;
}
