import { describeContacts } from "../../main/networks/conformance/contacts.ts";
import { describeRecovery } from "../../main/networks/conformance/recovery.ts";
import type { Certificates } from "../servers/certificates.ts";
import { type DebianToggle, startDebianKamailio } from "../servers/debian-kamailio.ts";
import { startKamailioEdge } from "../servers/kamailio-edge.ts";
import { describeRegistrar, type Registrar, registrarDomain } from "./simple-registrars.ts";

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

describeRegistrar("an outbound edge over TLS", edge("tls"), [describeContacts, describeRecovery]);
describeRegistrar("an outbound edge over WebSocket", edge("websocket"), [describeContacts, describeRecovery]);
