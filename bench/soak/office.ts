import type { TestAppAccount } from "../../e2e/app/options.ts";
import { startPeers } from "../../e2e/peers/peers.ts";
import { type Proxy, startProxy, type Tap } from "../../e2e/servers/proxy.ts";
import { startWorld, type World, type WorldAccount } from "../../e2e/servers/world.ts";
import { policyProtocols } from "../../shared/settings/protocols.ts";
import { Colleague } from "./colleague.ts";
import { StoreWatch } from "./store-watch.ts";

/** Servers of both networks, the person's accounts behind doors that can be cut, and colleagues who are signed in. */
export interface Office {
  readonly world: World;
  readonly accounts: readonly TestAppAccount[];
  readonly doors: Readonly<Record<(typeof policyProtocols)[number], Proxy>>;
  readonly colleagues: readonly Colleague[];
  stop(): Promise<void>;
}

const names = ["Ada Berg", "Ben Cole", "Cleo Diaz", "Dan Evans"];

export async function openOffice(): Promise<Office> {
  const world = await startWorld();
  const peers = startPeers();
  const colleagues: Colleague[] = [];
  const taps: Proxy[] = [];
  const stop = async (): Promise<void> => {
    for (const colleague of colleagues) colleague.end();
    await peers.stop();
    for (const tap of taps) await tap.close();
    await world.stop();
  };
  /** The account over a door in clear text, at which is heard what its server says. */
  const overheard = async (account: WorldAccount, tap: Tap): Promise<WorldAccount> => {
    const door = await startProxy(world.kamailio.ports.sip, undefined, tap);
    taps.push(door);
    return { ...account, server: { host: "127.0.0.1", port: door.port, transport: "tcp" } };
  };
  try {
    const accounts: TestAppAccount[] = [];
    const doors: Partial<Record<(typeof policyProtocols)[number], Proxy>> = {};
    for (const protocol of policyProtocols) {
      const own = await world.newAccount(protocol, "me");
      const people = await Promise.all(
        names.map(async (name) => ({
          name: `${name} (${protocol})`,
          account: await world.newAccount(protocol, "colleague"),
        })),
      );
      if (protocol === "xmpp") {
        const lines = people.map(({ name, account }) => ({ address: account.address, name, groups: ["Office"] }));
        await world.prosody.seedRoster(own.user, lines);
        for (const { account } of people) await world.prosody.seedRoster(account.user, [{ address: own.address }]);
      }
      const { account, door } = await world.behindDoor(own);
      doors[protocol] = door;
      const contacts =
        protocol === "simple"
          ? people.map(({ name, account: { address } }) => ({ address, name, groups: ["Office"] }))
          : [];
      accounts.push({ ...account, contacts });
      for (const { name, account: theirs } of people) {
        const stored = new StoreWatch();
        const peer = await peers.open(protocol === "simple" ? await overheard(theirs, stored.tap) : theirs);
        await peer.connect();
        colleagues.push(new Colleague({ peer, protocol, name, person: own.address, stored }));
      }
    }
    const { xmpp, simple } = doors;
    if (!xmpp || !simple) throw new Error("a network has no door");
    return { world, accounts, doors: { xmpp, simple }, colleagues, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
