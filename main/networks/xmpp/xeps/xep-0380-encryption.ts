import type { Element } from "@xmpp/xml";
import { maxNoticeDetail } from "../../../../shared/model/notice.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";
import { defineExtension, type MessageHandler } from "../extension.ts";
import type { MessageDraft } from "../message/drafts.ts";
import { everyone } from "../senders.ts";
import { childOf } from "../xml/element.ts";

const nsEncryption = "urn:xmpp:eme:0";

/** Names of the methods (section 3.3 and the XEPs themselves), by the namespace of what is encrypted under them. */
const methods: Readonly<Record<string, string>> = {
  "eu.siacs.conversations.axolotl": "OMEMO",
  "urn:xmpp:omemo:0": "OMEMO",
  "urn:xmpp:omemo:1": "OMEMO",
  "urn:xmpp:omemo:2": "OMEMO",
  "urn:xmpp:openpgp:0": "OpenPGP",
  "jabber:x:encrypted": "OpenPGP",
  "urn:xmpp:otr:0": "OTR",
  "urn:ietf:params:xml:ns:xmpp-e2e": "S/MIME",
  "http://www.xmpp.org/extensions/xep-0200.html#ns": "XEP-0200",
  "urn:xmpp:mls:0": "MLS",
};

/**
 * Explicit Message Encryption, and what is encrypted without saying so: it cannot be read here, and that is all that is
 * said of it.
 */
export const encryption = defineExtension({
  name: "XEP-0380: Explicit Message Encryption",
  features: [],
  attach: () => ({
    message: {
      [nsEncryption]: {
        from: everyone,
        read: (child, draft) => {
          if (child.name !== "encryption") return;
          const { namespace = "", name } = child.attrs;
          // What is there says more than what is said of it.
          draft.encrypted ??= {
            method: methods[namespace] ?? visibleName(name, maxNoticeDetail) ?? visibleName(namespace, maxNoticeDetail),
          };
        },
      },
      ...Object.fromEntries(
        Object.entries(methods).map(([xmlns, method]): [string, MessageHandler] => [
          xmlns,
          { from: everyone, read: (child, draft) => seal(child, draft, method) },
        ]),
      ),
    },
  }),
});

function seal(child: Element, draft: MessageDraft, method: string): void {
  // XEP-0384 section 4.6: without a payload it carries keys, for the programs; a text that says that it is encrypted
  // came for a person.
  const isTold = draft.body !== undefined && childOf(draft.stanza, "encryption", nsEncryption) !== undefined;
  const isEmpty = method === "OMEMO" && !isTold && !childOf(child, "payload", child.getNS());
  draft.encrypted = isEmpty ? "keys" : { method };
}
