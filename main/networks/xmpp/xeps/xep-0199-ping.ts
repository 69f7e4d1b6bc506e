import { defineExtension } from "../extension.ts";
import { subscribers } from "../senders.ts";

const nsPing = "urn:xmpp:ping";

/** XMPP Ping: answers whether we are there. */
export const ping = defineExtension({
  name: "XEP-0199: XMPP Ping",
  features: [nsPing],
  attach: () => ({ requests: { [`get ${nsPing}`]: { from: subscribers, answer: () => undefined } } }),
});
