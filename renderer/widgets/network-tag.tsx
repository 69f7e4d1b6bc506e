import type { Protocol } from "../../shared/model/account.ts";
import { useApp } from "../state/app-context.ts";
import { networkName } from "../state/networks.ts";

/** A network's name, beside an address. */
export function NetworkTag({ protocol }: { readonly protocol: Protocol }) {
  return <span class="network">{networkName(useApp().replica, protocol)}</span>;
}
