import { defineExtension } from "../extension.ts";

const nsPing = "urn:xmpp:ping";

/** XMPP Ping: answers whether we are there. */
export const ping = defineExtension({
  name: "XEP-0199: XMPP Ping",
  features: [nsPing],
  attach: () => ({ requests: { [`get ${nsPing}`]: { from: "contacts", answer: () => undefined } } }),
});
