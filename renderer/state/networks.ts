import type { Protocol } from "../../shared/model/account.ts";
import type { Replica } from "./replica.ts";

/** Name of a network as people see it; its id where the network is not there any more. */
export function networkName({ networks }: Pick<Replica, "networks">, protocol: Protocol): string {
  return networks.get(protocol)?.name ?? protocol;
}

/** Whether people of a network carry its name where people of several networks are listed. */
export function isTagged({ networks }: Pick<Replica, "networks">, protocol: Protocol | undefined): boolean {
  return protocol !== undefined && networks.get(protocol)?.tagged !== false;
}
