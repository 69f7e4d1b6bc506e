import type { Protocol } from "../shared/model/account.ts";
import { refuseQuery, startComponent } from "./conformance/component.ts";
import type { Peer, Peers } from "./peers/peers.ts";
import { startKamailio } from "./servers/kamailio.ts";
import { startProsody } from "./servers/prosody.ts";
import type { World, WorldAccount } from "./servers/world.ts";

/** Somebody whose server loses each request to see them, until they are there. */
export interface Unanswered {
  /** Account of the person who asks. */
  readonly account: WorldAccount;
  /** Address of whom nobody hears. */
  readonly silent: string;
  /**
   * They sign in with that status text, and answer what comes from now on; of what was asked before, their server has
   * nothing.
   */
  appear(status: string): Promise<void>;
  stop(): Promise<void>;
}

/** The network's own way to lose a request: a partner's server over XMPP, rules of authorization over SIMPLE. */
export function unanswered(world: World, peers: Peers, protocol: Protocol): Promise<Unanswered> {
  return protocol === "xmpp" ? overXmpp(world) : overSimple(world, peers);
}

/** A Prosody of its own, which passes requests on to a partner's. */
async function overXmpp(world: World): Promise<Unanswered> {
  const { domain } = world.prosody;
  const { good, authority } = world.certificates;
  const prosody = await startProsody({ domain, certificate: good, component: `partner.${domain}` });
  await prosody.addUser("asking", "word of asking");
  let status: string | undefined;
  const partner = await startComponent(prosody, (stanza) => {
    const { from = "", to = "", type } = stanza.attrs;
    if (status === undefined || stanza.name !== "presence" || type !== "subscribe") return refuseQuery(stanza);
    const answer = `<presence type='subscribed' from='${to}' to='${from}'/>`;
    return `${answer}<presence from='${to}/x' to='${from}'><status>${status}</status></presence>`;
  });
  const server = {
    host: "127.0.0.1",
    port: prosody.ports.starttls,
    transport: "starttls",
    caPem: authority.pem,
  } as const;
  return {
    account: { protocol: "xmpp", user: "asking", password: "word of asking", address: `asking@${domain}`, server },
    silent: `silent@${partner.domain}`,
    async appear(text) {
      status = text;
    },
    async stop() {
      partner.close();
      await prosody.stop();
    },
  };
}

/** A Kamailio of its own, since the world's shows everybody to everybody. */
async function overSimple(world: World, peers: Peers): Promise<Unanswered> {
  const { domain } = world.kamailio;
  const { good, authority } = world.certificates;
  const kamailio = await startKamailio({ domain, certificate: good, authorization: "rules" });
  const xcapRoot = `https://127.0.0.1:${kamailio.ports.https}/xcap-root`;
  const account = async (user: string): Promise<WorldAccount> => {
    const password = `word of ${user}`;
    await kamailio.addUser(user, password);
    return {
      ...{ protocol: "simple", user, password, address: `${user}@${domain}` },
      server: { host: "127.0.0.1", port: kamailio.ports.sips, transport: "tls", caPem: authority.pem, xcapRoot },
    };
  };
  const [asking, silent] = [await account("asking"), await account("silent")];
  let peer: Peer | undefined;
  return {
    account: asking,
    silent: silent.address,
    async appear(status) {
      kamailio.dropRequests();
      peer = await peers.open(silent);
      await peer.connect({ availability: "available", status });
      // They grant it, which the server tells nobody.
      await peer.event(
        (event) =>
          event.type === "roster-item" && event.item.address === asking.address && event.item.subscription !== "none",
      );
    },
    async stop() {
      await peer?.disconnect();
      await kamailio.stop();
    },
  };
}
