import { policyKeys } from "./keys.ts";

/**
 * With the example of a key in it that signs nothing, no file would count any more: this one is explained, not shown.
 */
export const notInSample = "PolicyPublicKey";

/** A policy file with an example of every key but one: take what you need of it. */
export function writeLinuxSample(): string {
  const shown = policyKeys.filter(({ key }) => key !== notInSample);
  return `${JSON.stringify(Object.fromEntries(shown.map(({ key, declaration }) => [key, declaration.example])), undefined, 2)}\n`;
}
