import { afterAll, beforeAll, describe } from "vitest";
import { describeAway } from "../../main/networks/conformance/away.ts";
import { describeContacts } from "../../main/networks/conformance/contacts.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { describeMessages } from "../../main/networks/conformance/messages.ts";
import { describeRecovery } from "../../main/networks/conformance/recovery.ts";
import type { Certificates } from "../servers/certificates.ts";
import { type DebianToggle, startDebianKamailio } from "../servers/debian-kamailio.ts";
import { startEjabberdSip } from "../servers/ejabberd-sip.ts";
import { startKamailioEdge } from "../servers/kamailio-edge.ts";
import { type Registrar, type RegistrarStage, registrarDomain, startRegistrar } from "./simple-registrars.ts";

const debian =
  (...toggles: readonly DebianToggle[]) =>
  async ({ good }: Certificates): Promise<Registrar> => {
    const server = await startDebianKamailio({
      domain: registrarDomain,
      certificate: good,
      toggles: ["WITH_AUTH", "WITH_TLS", ...toggles],
    });
    return { ...server, port: server.ports.sips, transport: "tls", cleartext: server.ports.sip };
  };

/** An RFC 5626 edge before Debian's Kamailio, whose registrar does outbound. */
const edge =
  (transport: "tls" | "websocket") =>
  async ({ good }: Certificates): Promise<Registrar> => {
    const toggles: readonly DebianToggle[] = ["WITH_AUTH", "WITH_TLS", "WITH_PRESENCE"];
    const registrar = await startDebianKamailio({
      domain: registrarDomain,
      certificate: good,
      toggles,
      parameters: ['modparam("registrar", "outbound_mode", 1)'],
    });
    const server = await startKamailioEdge(good, registrar.ports.sip);
    return {
      port: server.port,
      transport,
      cleartext: registrar.ports.sip,
      addUser: registrar.addUser,
      door: server.door,
      async stop() {
        await server.stop();
        await registrar.stop();
      },
    };
  };

const ejabberd = async ({ good }: Certificates): Promise<Registrar> => {
  const server = await startEjabberdSip({ domain: registrarDomain, certificate: good, flowTimeout: 35 });
  return { ...server, port: server.ports.sips, transport: "tls", cleartext: server.ports.sip };
};

const registrars: readonly (readonly [
  string,
  (certificates: Certificates) => Promise<Registrar>,
  readonly ((get: () => Harness) => void)[],
])[] = [
  [
    "Debian's Kamailio as it ships, without presence",
    debian(),
    [describeContacts, describeMessages, describeAway, describeRecovery],
  ],
  [
    "Debian's Kamailio with presence and NAT",
    debian("WITH_PRESENCE", "WITH_NAT"),
    [describeContacts, describeRecovery],
  ],
  ["an outbound edge over TLS", edge("tls"), [describeContacts, describeRecovery]],
  ["an outbound edge over WebSocket", edge("websocket"), [describeContacts, describeRecovery]],
  ["ejabberd's SIP service", ejabberd, [describeContacts, describeMessages, describeAway, describeRecovery]],
];

describe.each(registrars)("SIMPLE over %s", (_, start, parts) => {
  let stage: RegistrarStage | undefined;
  beforeAll(async () => {
    stage = await startRegistrar(start);
  });
  afterAll(() => stage?.stop());
  for (const part of parts)
    part(() => {
      if (!stage) throw new Error("the registrar did not start");
      return stage.harness;
    });
});
