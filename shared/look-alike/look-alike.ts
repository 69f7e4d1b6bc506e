import * as v from "valibot";
import { type Address, domainOf, localOf } from "../model/address.ts";
import { skeleton, visible } from "./skeleton.ts";

/**
 * Why an address or a name may be taken for another: it looks like a contact's `address`, like a `domain` of ours, or
 * its `name` is a contact's with another address behind it. `like`: what it looks like.
 */
export const LookAlikeSchema = v.object({ kind: v.picklist(["address", "domain", "name"]), like: v.string() });
export type LookAlike = v.InferOutput<typeof LookAlikeSchema>;

/** Whom one can be taken for. */
export interface Familiar {
  readonly contacts: readonly { readonly address: Address; readonly name: string }[];
  /** Own domains and the organization's. */
  readonly domains: readonly string[];
}

/** A name of fewer characters is too many people's. */
const shortestName = 3;
/** A domain whose first part is shorter is one letter away from many honest ones. */
const shortestTypo = 5;

/**
 * Undefined: nothing that looks like somebody else. Who is familiar is not asked about. `look` may remember what it has
 * worked out.
 */
export function lookAlike(
  { address, name }: { readonly address: Address; readonly name?: string | undefined },
  { contacts, domains }: Familiar,
  look: (text: string) => string = skeleton,
): LookAlike | undefined {
  if (contacts.some((contact) => contact.address === address)) return undefined;
  const domain = domainOf(address);
  const mine = look(address);
  const twin = contacts.find((contact) => look(contact.address) === mine);
  if (twin) return { kind: "address", like: twin.address };
  // Below a domain of ours is ours, and what is ours is not asked about further but for the name.
  if (!domains.some((own) => domain === own || domain.endsWith(`.${own}`))) {
    const shown = look(domain);
    const own = domains.find((one) => look(one) === shown || (isTypo(domain, one) && !domains.includes(domain)));
    if (own !== undefined) return { kind: "domain", like: own };
  }
  const called = name?.trim() ?? "";
  const seen = visible(called);
  if ([...seen].length < shortestName || seen === visible(localOf(address))) return undefined;
  const sounds = look(called);
  // A name may also be the whole address of somebody else.
  const namesake = contacts.find(
    (contact) =>
      (contact.name !== localOf(contact.address) && look(contact.name) === sounds) || look(contact.address) === sounds,
  );
  return namesake && { kind: "name", like: namesake.address };
}

/** One letter more, less or other, or two beside each other changed round. */
export function isTypo(domain: string, of: string): boolean {
  const [a, b] = [[...domain], [...of]];
  if ((of.split(".")[0] ?? "").length < shortestTypo || domain === of || Math.abs(a.length - b.length) > 1)
    return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}

/**
 * The first place in which two texts differ, as somebody reads them; undefined: one goes on where the other ends, or
 * has a letter more.
 */
export function firstDifference(
  theirs: string,
  usual: string,
): { readonly theirs: string; readonly usual: string } | undefined {
  const [a, b] = [[...theirs], [...usual]];
  const at = a.findIndex((one, index) => one !== b[index]);
  const [one, other] = [a[at], b[at]];
  return a.length === b.length && one !== undefined && other !== undefined ? { theirs: one, usual: other } : undefined;
}
