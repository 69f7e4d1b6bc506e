import type { Protocol } from "../shared/model/account.ts";
import type { TestAppAccount } from "./app/options.ts";
import type { Peer, Peers } from "./peers/peers.ts";
import type { Proxy } from "./servers/proxy.ts";
import type { World } from "./servers/world.ts";

/** Somebody with an account and one contact, who is in another process and on line. */
export interface Acquaintance {
  /** For `launch({ accounts: [account] })`. */
  readonly account: TestAppAccount;
  /** Name of the one contact, in group `group`. */
  readonly name: string;
  readonly group: string;
  readonly peer: Peer;
  /** The only way of the account to its server. */
  readonly door: Proxy;
}

/** A contact of a network, under a name of ours. */
interface Whom {
  readonly protocol: Protocol;
  readonly name?: string;
  readonly group?: string;
}

/** Makes an account for the window and a peer whom it knows; both see each other's presence. */
export async function acquaint(world: World, peers: Peers, whom: Protocol | Whom): Promise<Acquaintance> {
  const chosen: Whom = typeof whom === "string" ? { protocol: whom } : whom;
  const { protocol, name = "Robin Hale", group = "Team" } = chosen;
  const [own, theirs] = [await world.newAccount(protocol, "me"), await world.newAccount(protocol, "robin")];
  const { account, door } = await world.behindDoor(own);
  if (protocol === "xmpp") {
    await world.prosody.seedRoster(own.user, [{ address: theirs.address, name, groups: [group] }]);
    await world.prosody.seedRoster(theirs.user, [{ address: own.address }]);
  }
  const peer = await peers.open(theirs);
  await peer.connect({ availability: "available", status: "At my desk" });
  const contacts = protocol === "simple" ? [{ address: theirs.address, name, groups: [group] }] : [];
  return { account: { ...account, contacts }, name, group, peer, door };
}

/** Somebody whom the account does not know, on line in another process. */
interface Stranger {
  readonly address: string;
  readonly user: string;
  readonly peer: Peer;
}

/** Makes two people whom nobody knows. */
export async function strangers(
  world: World,
  peers: Peers,
  protocol: Protocol,
): Promise<readonly [first: Stranger, second: Stranger]> {
  const [first, second] = [await world.newAccount(protocol, "first"), await world.newAccount(protocol, "second")];
  const [one, two] = [await peers.open(first), await peers.open(second)];
  await Promise.all([one.connect(), two.connect()]);
  return [
    { address: first.address, user: first.user, peer: one },
    { address: second.address, user: second.user, peer: two },
  ];
}
