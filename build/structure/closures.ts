import { isNode, type Node, nameOf, nodes } from "./nodes.ts";

/** Collections, and the methods that change what one holds. */
const collections: ReadonlySet<string> = new Set(["Map", "Set", "WeakMap", "WeakSet", "Array"]);
const changing: ReadonlySet<string> = new Set(
  "set add delete clear push pop shift unshift splice sort reverse fill".split(" "),
);
/** Expressions that stand for the one within. */
const wrappers =
  /^(ParenthesisExpression|TsAsExpression|TsSatisfiesExpression|TsConstAssertion|TsNonNullExpression|AwaitExpression)$/;

/** Variables that a function declares itself, by name and scope. */
interface Own {
  /** Those that can be assigned. */
  readonly assigned: Set<string>;
  /** Those that hold a collection or an object made here. */
  readonly held: Set<string>;
  readonly values: Map<string, Node>;
}

/**
 * Whether a function hands out functions over variables of its own that functions within it change: a class in
 * disguise. A change is an assignment, to the variable or to a member of an object made here, or a call of a method
 * that changes a collection made here. One that hands out nothing but a disposer (no parameters, no answer) is none.
 */
export function holdsState(node: Node): boolean {
  const { body } = node;
  if (!isFunction(node) || !isNode(body) || !/^(BlockStatement|FunctionBody)$/.test(body.type)) return false;
  const own: Own = { assigned: new Set(), held: new Set(), values: new Map() };
  const answers: Node[] = [];
  const inner: Node[] = [];
  walk(body, (each) => {
    if (each.type === "VariableDeclaration") declare(each, own);
    if (each.type === "ReturnStatement" && isNode(each["argument"])) answers.push(each["argument"]);
    if (!isFunction(each) && !each.type.startsWith("Class")) return true;
    inner.push(each);
    const name = keyOf(each["identifier"]);
    if (name !== undefined) own.values.set(name, each);
    return false;
  });
  return answers.some((answer) => handsOut(answer, own)) && inner.some((each) => changes(each, own));
}

/** Goes through a tree, not into the nodes for which `visit` answers false. */
function walk(value: unknown, visit: (node: Node) => boolean): void {
  if (typeof value !== "object" || value === null) return;
  if (isNode(value) && !visit(value)) return;
  for (const field of Object.values(value)) walk(field, visit);
}

function isFunction(node: Node): boolean {
  return "body" in node && (Array.isArray(node["params"]) || /^[GS]etterProperty$/.test(node.type));
}

/** Name of a variable with the number of its scope; names of members have none. */
function keyOf(value: unknown): string | undefined {
  const name = nameOf(value);
  return name === undefined || !isNode(value) || typeof value["ctxt"] !== "number"
    ? undefined
    : `${name} ${value["ctxt"]}`;
}

function declare(declaration: Node, { assigned, held, values }: Own): void {
  for (const { id, init } of nodes(declaration["declarations"])) {
    if (declaration["kind"] !== "const") for (const name of namesIn(id)) assigned.add(name);
    const name = keyOf(id);
    if (name === undefined || !isNode(init)) continue;
    const made = unwrapped(init);
    values.set(name, made);
    const isCollection = made.type === "NewExpression" && collections.has(nameOf(made["callee"]) ?? "");
    if (isCollection || /^(Array|Object)Expression$/.test(made.type)) held.add(name);
  }
}

/** Variables in a pattern. */
function namesIn(pattern: unknown): readonly string[] {
  const found: string[] = [];
  walk(pattern, (node) => {
    const name = keyOf(node);
    if (name !== undefined) found.push(name);
    return true;
  });
  return found;
}

function unwrapped(node: Node): Node {
  const within = node["expression"] ?? node["argument"];
  return wrappers.test(node.type) && isNode(within) ? unwrapped(within) : node;
}

function handsOut(answer: unknown, own: Own): boolean {
  if (!isNode(answer)) return false;
  const value = unwrapped(answer);
  if (isFunction(value)) return !isDisposer(value);
  if (value.type === "ConditionalExpression")
    return handsOut(value["consequent"], own) || handsOut(value["alternate"], own);
  if (value.type === "ObjectExpression") return nodes(value["properties"]).some((member) => isMethod(member, own));
  const known = own.values.get(keyOf(value) ?? "");
  return known !== undefined && known !== value && handsOut(known, own);
}

/** Whether a member of an object is a function, or an object that has one. */
function isMethod(member: Node, own: Own): boolean {
  if (isFunction(member)) return true;
  const given = member.type === "KeyValueProperty" ? member["value"] : member;
  if (!isNode(given)) return false;
  const value = own.values.get(keyOf(given) ?? "") ?? unwrapped(given);
  return isFunction(value) || (value.type === "ObjectExpression" && handsOut(value, own));
}

function isDisposer(node: Node): boolean {
  if (nodes(node["params"]).length > 0) return false;
  let answers = false;
  walk(node["body"], (each) => {
    if (each.type === "ReturnStatement" && isNode(each["argument"])) answers = true;
    return !isFunction(each);
  });
  return !answers;
}

/** Whether a function changes one of these variables, or a function in it does. */
function changes(node: Node, { assigned, held }: Own): boolean {
  let found = false;
  walk(node, (each) => {
    const target = each.type === "UpdateExpression" ? each["argument"] : each["left"];
    if (each.type === "AssignmentExpression" || each.type === "UpdateExpression") {
      const object = isNode(target) && target.type === "MemberExpression" ? target["object"] : undefined;
      if (object === undefined ? namesIn(target).some((name) => assigned.has(name)) : held.has(keyOf(object) ?? ""))
        found = true;
    }
    const callee = each.type === "CallExpression" ? each["callee"] : undefined;
    if (isNode(callee) && callee.type === "MemberExpression") {
      const method = nameOf(callee["property"]);
      if (method !== undefined && changing.has(method) && held.has(keyOf(callee["object"]) ?? "")) found = true;
    }
    return !found;
  });
  return found;
}
