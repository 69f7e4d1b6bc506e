import { datetime, offset } from "@xmpp/time";
import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { subscribers } from "../senders.ts";

const nsTime = "urn:xmpp:time";

/** Entity Time: our local time, for contacts. */
export const entityTime = defineExtension({
  name: "XEP-0202: Entity Time",
  features: [nsTime],
  attach: ({ environment }) => ({
    requests: {
      [`get ${nsTime}`]: {
        from: subscribers,
        answer: () => {
          const now = new Date(environment.now());
          return xml("time", nsTime, xml("tzo", {}, offset(now)), xml("utc", {}, datetime(now)));
        },
      },
    },
  }),
});
