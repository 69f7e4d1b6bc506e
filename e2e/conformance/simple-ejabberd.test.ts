import { describeAway } from "../../main/networks/conformance/away.ts";
import { describeContacts } from "../../main/networks/conformance/contacts.ts";
import { describeMessages } from "../../main/networks/conformance/messages.ts";
import { describeRecovery } from "../../main/networks/conformance/recovery.ts";
import { startEjabberdSip } from "../servers/ejabberd-sip.ts";
import { describeRegistrar, registrarDomain } from "./simple-registrars.ts";

describeRegistrar(
  "ejabberd's SIP service",
  async ({ good }) => {
    const server = await startEjabberdSip({ domain: registrarDomain, certificate: good, flowTimeout: 35 });
    return { ...server, port: server.ports.sips, transport: "tls", cleartext: server.ports.sip };
  },
  [describeContacts, describeMessages, describeAway, describeRecovery],
);
