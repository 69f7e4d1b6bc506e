import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { subscribers } from "../senders.ts";

const nsVersion = "jabber:iq:version";

/** Software Version: the name only. Version and system would help an attacker more than a friend (section 4). */
export const softwareVersion = defineExtension({
  name: "XEP-0092: Software Version",
  features: [nsVersion],
  attach: () => ({
    requests: {
      [`get ${nsVersion}`]: {
        from: subscribers,
        answer: () => xml("query", nsVersion, xml("name", {}, "Hallway"), xml("version", {}, "0")),
      },
    },
  }),
});
