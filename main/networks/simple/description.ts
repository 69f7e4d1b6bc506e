import type { NetworkDescription } from "../../../shared/model/network.ts";

export const simpleDescription: NetworkDescription = {
  id: "simple",
  name: "SIP",
  fullName: "SIP (SIMPLE)",
  tagged: true,
  schemes: ["sip", "sips", "tel"],
  transports: ["tls", "websocket"],
  xcap: true,
  // A host may be a gateway to the person who wrote.
  services: false,
  silentWhenOffline: false,
  // RFC 4480 section 3.2 has a word for each.
  nearest: {},
};
