import swc from "@swc/core";
import { holdsState } from "./closures.ts";
import { isNode, type Node, nameOf, nodes } from "./nodes.ts";
import type { Source } from "./sources.ts";

/** A function or a signature, as far as its size goes. */
export interface FunctionSize {
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
}

/** The part of a file's syntax tree that the numbers need. */
export interface Syntax {
  readonly functions: readonly FunctionSize[];
  /** Specifiers of imports, of types too. */
  readonly imports: readonly string[];
  /** Lines that open a socket. */
  readonly sockets: readonly number[];
  /** Lines that take the id of a conversation or contact apart. */
  readonly parsedIds: readonly number[];
  /** Lines of functions that hand out a closure over state. */
  readonly closures: readonly number[];
}

/** Functions that open a connection, by the module of Node that has them. */
const openers: Readonly<Record<string, readonly string[]>> = {
  "node:net": ["connect", "createConnection", "Socket"],
  "node:tls": ["connect"],
  "node:http": ["request", "get"],
  "node:https": ["request", "get"],
  "node:http2": ["connect"],
  "node:dgram": ["createSocket"],
  ws: ["WebSocket", "default"],
};
/** Names under which a module is usual where it is not imported by a statement. */
const moduleNames: ReadonlySet<string> = new Set(["net", "tls", "http", "https", "http2", "dgram"]);
const memberOpeners: ReadonlySet<string> = new Set(["connect", "createConnection", "request", "get", "createSocket"]);
const globals: ReadonlySet<string> = new Set(["fetch", "WebSocket", "EventSource"]);

const idNames = /^(id|(contact|conversation)Id)$/;
const takesApart: ReadonlySet<string> = new Set([
  "indexOf",
  "lastIndexOf",
  "split",
  "slice",
  "substring",
  "startsWith",
  "endsWith",
  "match",
]);

export function readSyntax({ path, text }: Source): Syntax {
  const tree = swc.parseSync(text, { syntax: "typescript", tsx: path.endsWith("x"), target: "es2024" });
  const reader = new Reader(Buffer.from(text));
  reader.visit(tree);
  return reader;
}

class Reader implements Syntax {
  readonly functions: FunctionSize[] = [];
  readonly imports: string[] = [];
  readonly sockets: number[] = [];
  readonly parsedIds: number[] = [];
  readonly closures: number[] = [];
  /** Local names of functions that open a connection. */
  readonly #openers = new Set<string>(globals);
  readonly #modules = new Set<string>(moduleNames);
  readonly #lineStarts: number[] = [0];

  constructor(bytes: Buffer) {
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) this.#lineStarts.push(at + 1);
  }

  visit(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) for (const item of value) this.visit(item);
    else {
      const node = value as Node;
      const source = node["source"];
      if (/^(Import|Export)/.test(node.type) && isNode(source)) this.#readImport(node, String(source["value"]));
      if (node.type === "CallExpression" || node.type === "NewExpression") this.#readCall(node);
      // A class's method has its function in a field without a type of its own.
      if (Array.isArray(node["params"]) && node["span"] && node.type !== "TsTypeParameterInstantiation")
        this.#readFunction(node, node["params"]);
      for (const field of Object.values(node)) this.visit(field);
    }
  }

  #readImport(node: Node, from: string): void {
    this.imports.push(from);
    const opening = openers[from];
    if (!opening || node["typeOnly"] === true) return;
    for (const specifier of nodes(node["specifiers"])) {
      const local = nameOf(specifier["local"]);
      if (specifier.type === "ImportSpecifier") {
        const imported = nameOf(specifier["imported"]) ?? local;
        if (imported !== undefined && local !== undefined && opening.includes(imported)) this.#openers.add(local);
      } else if (local !== undefined && opening.includes("default")) this.#openers.add(local);
      else if (local !== undefined) this.#modules.add(local);
    }
  }

  #readCall(node: Node): void {
    const callee = node["callee"];
    if (!isNode(callee)) return;
    if (callee.type === "Import") {
      const [argument] = (node["arguments"] as readonly { readonly expression: Node }[] | undefined) ?? [];
      if (argument?.expression.type === "StringLiteral") this.imports.push(String(argument.expression["value"]));
      return;
    }
    const name = nameOf(callee);
    if (name !== undefined && this.#openers.has(name)) this.sockets.push(this.#lineOf(node));
    if (callee.type !== "MemberExpression") return;
    const method = nameOf(callee["property"]);
    const object = callee["object"];
    if (method === undefined || !isNode(object)) return;
    const called = isNode(object["callee"]) ? nameOf(object["callee"]) : undefined;
    const owner = nameOf(object) ?? called;
    if (owner !== undefined && this.#modules.has(owner) && memberOpeners.has(method))
      this.sockets.push(this.#lineOf(node));
    const subject = nameOf(object) ?? nameOf(object["property"]);
    if (subject !== undefined && idNames.test(subject) && takesApart.has(method))
      this.parsedIds.push(this.#lineOf(node));
  }

  #readFunction(node: Node, parameters: readonly unknown[]): void {
    const { start, end } = spanOf(node);
    const line = this.#lineAt(start);
    const counted = parameters.filter((parameter) => nameOf((parameter as Node)["pat"] ?? parameter) !== "this");
    this.functions.push({ line, lines: this.#lineAt(end - 1) - line + 1, parameters: counted.length });
    if (holdsState(node)) this.closures.push(line);
  }

  #lineOf(node: Node): number {
    return this.#lineAt(spanOf(node).start);
  }

  /** swc counts bytes, from 1. */
  #lineAt(position: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= position - 1) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

const spanOf = (node: Node): { readonly start: number; readonly end: number } =>
  node["span"] as { readonly start: number; readonly end: number };
