import { createHash } from "node:crypto";
import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";

const nsCaps = "http://jabber.org/protocol/caps";
/** Longest announcement that is remembered. */
const maxLength = 1_024;
/** Names the program, not a page that is fetched (XEP-0115 section 4). */
export const capsNode = "https://hallway.invalid/client";

/** The verification string of XEP-0115 section 5.1 for our identity and features (sorted by octets). */
export function capsVersion(features: readonly string[]): string {
  const sorted = features.map((f) => Buffer.from(f)).sort(Buffer.compare);
  const text = `client/pc//Hallway<${sorted.map((f) => `${f.toString()}<`).join("")}`;
  return createHash("sha1").update(text).digest("base64");
}

/** Entity Capabilities: what we can do, and what the devices of contacts can, as a hash in each presence. */
export const entityCapabilities = defineExtension({
  name: "XEP-0115: Entity Capabilities",
  features: [nsCaps],
  attach: (session) => ({
    presence: {
      [nsCaps]: {
        from: ["subscriber", "contact"],
        read: ({ name, attrs: { node, ver, hash } }, { sender }) => {
          // Section 5.2: one without a hash is of the format before, and says nothing that can be checked.
          if (name !== "c" || node === undefined || ver === undefined || hash === undefined) return;
          if (node.length + ver.length + hash.length <= maxLength)
            session.discovery.announced(sender.jid.full, { node, ver, hash });
        },
      },
    },
    writePresence: (stanza) => {
      stanza.append(xml("c", { xmlns: nsCaps, hash: "sha-1", node: capsNode, ver: capsVersion(session.ownFeatures) }));
    },
  }),
});
