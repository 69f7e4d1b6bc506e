import { type Familiar, type LookAlike, lookAlike } from "../../shared/look-alike/look-alike.ts";
import { skeleton } from "../../shared/look-alike/skeleton.ts";
import { Memo } from "../../shared/memo.ts";
import type { Address } from "../../shared/model/address.ts";

/** Looks for whom an address or a name may be taken. */
export type LookAlikes = (address: Address, name: string | undefined) => LookAlike | undefined;

/** Skeletons that are remembered, so that a list of 10,000 people is worked out once. */
const maxRemembered = 50_000;

export function createLookAlikes(parts: {
  /** Setting LookAlikeWarningsEnabled. */
  readonly enabled: () => boolean;
  readonly familiar: () => Familiar;
}): LookAlikes {
  const remembered = new Memo<string, string>(maxRemembered);
  const look = (text: string): string => remembered.get(text, skeleton);
  return (address, name) => (parts.enabled() ? lookAlike({ address, name }, parts.familiar(), look) : undefined);
}
