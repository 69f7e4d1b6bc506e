import type { NetworkDescription } from "../../shared/model/network.ts";

const xmpp: NetworkDescription = {
  id: "xmpp",
  name: "XMPP",
  fullName: "XMPP",
  tagged: false,
  schemes: ["xmpp"],
  transports: ["starttls", "direct-tls", "websocket"],
  xcap: false,
  services: true,
  silentWhenOffline: true,
  nearest: { "in-call": "busy", "in-meeting": "busy", "be-right-back": "away" },
};

const sip: NetworkDescription = {
  id: "simple",
  name: "SIP",
  fullName: "SIP (SIMPLE)",
  tagged: true,
  schemes: ["sip", "sips", "tel"],
  transports: ["tls", "websocket"],
  xcap: true,
  services: false,
  silentWhenOffline: false,
  nearest: {},
};

/** Networks of the product, for whoever draws without its main process. */
export const networks: readonly NetworkDescription[] = [xmpp, sip];
