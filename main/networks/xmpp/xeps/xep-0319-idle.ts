import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { persons } from "../senders.ts";
import { parseTime } from "./xep-0203-delay.ts";

const nsIdle = "urn:xmpp:idle:1";

/** Last User Interaction in Presence: since when somebody is idle. */
export const idle = defineExtension({
  name: "XEP-0319: Last User Interaction in Presence",
  features: [nsIdle],
  attach: ({ environment }) => ({
    presence: {
      [nsIdle]: {
        from: persons,
        read: (child, draft) => {
          const since = parseTime(child.attrs["since"]);
          if (since === undefined || draft.presence.availability === "offline") return;
          draft.presence = { ...draft.presence, idleSince: Math.min(since, environment.now()) };
        },
      },
    },
    writePresence: (stanza, presence) => {
      if (presence.idleSince !== undefined)
        stanza.append(xml("idle", { xmlns: nsIdle, since: new Date(presence.idleSince).toISOString() }));
    },
  }),
});
