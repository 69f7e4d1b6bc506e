import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import { startEjabberdSip } from "../servers/ejabberd-sip.ts";
import { describeAbsence } from "./simple-absence.ts";
import { describePlainDevice } from "./simple-devices.ts";
import { describeNat } from "./simple-nat.ts";
import { describeRegistrar, registrarDomain } from "./simple-registrars.ts";
import { ejabberdsWays } from "./simple-unacceptable.ts";

const harness = describeRegistrar(
  "ejabberd's SIP service",
  async ({ good }) => {
    const server = await startEjabberdSip({ domain: registrarDomain, certificate: good, flowTimeout: 35 });
    return { ...server, port: server.ports.sips, transport: "tls", cleartext: server.ports.sip };
  },
  ejabberdsWays,
);

describeCuts("ejabberd's SIP service", harness, 10);

describeNat(harness);
describeAbsence(harness);
describePlainDevice(harness);
