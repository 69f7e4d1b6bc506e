import type { Protocol } from "../../shared/model/account.ts";
import { useWords } from "../state/app-context.ts";

/** Which network somebody is on, in letters. */
export function NetworkTag({ protocol }: { readonly protocol: Protocol }) {
  return <span class="network">{useWords().t(`network.${protocol}`)}</span>;
}
