import type * as Http from "node:http";

/**
 * Node's HTTP, loaded when it is first needed: most people's servers are never asked over it, and loading it takes some
 * 20 ms of the start.
 */
export function http(): typeof Http {
  return process.getBuiltinModule("node:http");
}
