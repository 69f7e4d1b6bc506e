import { policyKeys } from "./keys.ts";

/** A policy file with an example of every key: take what you need of it. */
export function writeLinuxSample(): string {
  return `${JSON.stringify(Object.fromEntries(policyKeys.map(({ key, declaration }) => [key, declaration.example])), undefined, 2)}\n`;
}
