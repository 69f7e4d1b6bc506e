import type { NetworkDescription } from "../../../shared/model/network.ts";

export const xmppDescription: NetworkDescription = {
  id: "xmpp",
  name: "XMPP",
  fullName: "XMPP",
  tagged: false,
  schemes: ["xmpp"],
  transports: ["starttls", "direct-tls", "websocket"],
  xcap: false,
  // RFC 6121 section 8.5.1: a server or service takes messages for itself as it likes.
  services: true,
  // RFC 6121 section 4.2.2.
  silentWhenOffline: true,
  // RFC 6121 section 4.7.2.1 has no word for these.
  nearest: { "in-call": "busy", "in-meeting": "busy", "be-right-back": "away" },
};
