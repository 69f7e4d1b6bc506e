import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import { startEjabberdSip } from "../servers/ejabberd-sip.ts";
import { describeRegistrar, registrarDomain } from "./simple-registrars.ts";
import { ejabberdsWays } from "./simple-unacceptable.ts";
import { withoutPace } from "./without-pace.ts";

const harness = describeRegistrar(
  "ejabberd's SIP service",
  async ({ good }) => {
    const server = await startEjabberdSip({ domain: registrarDomain, certificate: good, flowTimeout: 35 });
    return { ...server, port: server.ports.sips, transport: "tls", cleartext: server.ports.sip };
  },
  ejabberdsWays,
);

describeCuts("ejabberd's SIP service", withoutPace(harness), 10);
