import { randomUUID } from "node:crypto";
import type { TestAppAccount } from "../app/options.ts";
import { type Peers, startPeers } from "../peers/peers.ts";
import type { SeedMessage } from "../servers/prosody-data.ts";
import { startWorld, type World } from "../servers/world.ts";
import { addressOf, company, owner, people } from "./company.ts";
import { live, presenceNow } from "./live.ts";
import { linesOf, rooms, talks } from "./talk.ts";

/** The company on its servers, its people at work, and the accounts of whoever sits in front of the window. */
export interface Stage {
  readonly world: World;
  readonly accounts: readonly TestAppAccount[];
  /** People who are there today. */
  readonly present: number;
  stop(): Promise<void>;
}

const password = "Northlight";

/** Starts the servers, fills them, and signs the live people in. */
export async function setStage(now = Date.now()): Promise<Stage> {
  const world = await startWorld({ domain: company.domain, voiceDomain: company.voiceDomain });
  let peers: Peers | undefined;
  const endings: (() => void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings) end();
    await peers?.stop();
    await world.stop();
  };
  try {
    await fill(world, now);
    peers = startPeers();
    for (const person of people) {
      const [first] = person.day ?? [];
      if (!first) continue;
      const peer = await peers.open({
        protocol: person.protocol,
        address: addressOf(person),
        password,
        server: serverFor(world, person.protocol === "xmpp" ? "xmpp" : "simple"),
      });
      await peer.connect(presenceNow(first));
      endings.push(live(person, peer));
    }
    return { world, accounts: accountsOf(world), present: endings.length, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill({ prosody, kamailio }: World, now: number): Promise<void> {
  const own = addressOf({ user: owner.user, protocol: "xmpp" });
  const colleagues = people.filter(({ protocol }) => protocol === "xmpp");
  await prosody.addUser(owner.user, password);
  await kamailio.addUser(owner.user, password);
  for (const person of people) await (person.protocol === "xmpp" ? prosody : kamailio).addUser(person.user, password);
  await prosody.seedRoster(
    owner.user,
    colleagues.map((person) => ({ address: addressOf(person), name: person.name, groups: [person.group] })),
  );
  for (const person of colleagues)
    await prosody.seedRoster(person.user, [{ address: own, name: owner.name, groups: ["Colleagues"] }]);

  const archive: SeedMessage[] = [];
  for (const person of colleagues) {
    const theirs = addressOf(person);
    for (const { who, text, at } of linesOf(talks[person.user] ?? "", now)) {
      const [from, to] = who === "me" ? [own, theirs] : [theirs, own];
      archive.push({ from, to, body: text, at, id: randomUUID() });
    }
  }
  await prosody.seedArchive(
    owner.user,
    archive.sort((one, other) => one.at - other.at),
  );
  for (const [room, { name, talk }] of Object.entries(rooms)) {
    const said = linesOf(talk, now).map(({ who, text, at }) => ({
      nick: nameOf(who),
      body: text,
      at,
      id: randomUUID(),
    }));
    await prosody.seedRoom({ room, name, owner: own, messages: said });
  }
}

function nameOf(user: string): string {
  return people.find((person) => person.user === user)?.name ?? owner.name;
}

function serverFor({ certificates, prosody, kamailio }: World, protocol: "xmpp" | "simple"): TestAppAccount["server"] {
  const caPem = certificates.authority.pem;
  return protocol === "xmpp"
    ? { host: "127.0.0.1", port: prosody.ports.starttls, transport: "starttls", caPem }
    : { host: "127.0.0.1", port: kamailio.ports.sips, transport: "tls", caPem };
}

function accountsOf(world: World): readonly TestAppAccount[] {
  const contacts = people
    .filter(({ protocol }) => protocol === "simple")
    .map((person) => ({ address: addressOf(person), name: person.name, groups: [person.group] }));
  return [
    {
      protocol: "xmpp",
      address: addressOf({ user: owner.user, protocol: "xmpp" }),
      password,
      server: serverFor(world, "xmpp"),
    },
    {
      protocol: "simple",
      address: addressOf({ user: owner.user, protocol: "simple" }),
      password,
      server: serverFor(world, "simple"),
      contacts,
    },
  ];
}
