import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { defineExtension, type MessageHandler } from "../extension.ts";
import { parseJid } from "../jid.ts";
import { usableId } from "../message/messages.ts";
import { everyone, subscribers } from "../senders.ts";

const nsProposals = ["urn:xmpp:jingle-message:0", "urn:xmpp:jingle-message:1"];
const nsInvites = "urn:xmpp:call-invites:0";
const nsJingle = "urn:xmpp:jingle:1";
const nsStreams = "http://jabber.org/protocol/si";

/**
 * Jingle Message Initiation: somebody calls, or wants to send a file. Only the beginning is told; what follows
 * (ringing, taken, refused, ended) is said between programs. The same for Call Invites (XEP-0482), and for sessions
 * that begin without (XEP-0166, XEP-0095), which are refused like everything that is not known.
 */
export const calls = defineExtension({
  name: "XEP-0353: Jingle Message Initiation",
  features: [],
  attach: (session) => {
    function refuse(payload: Element, stanza: Element): never {
      const peer = parseJid(stanza.attrs["from"])?.address;
      const begins = payload.getNS() === nsStreams || payload.attrs["action"] === "session-initiate";
      if (begins && peer !== undefined && peer !== session.address) {
        const notice = { kind: payload.getNS() === nsStreams ? "file" : kindOf(payload) } as const;
        const id = usableId(payload.attrs["sid"] ?? payload.attrs["id"]);
        const about = {
          direction: "in",
          archiveId: undefined,
          at: undefined,
          delayed: false,
          via: "live",
          wantsDelivered: false,
          wantsRead: false,
        } as const;
        session.emit({
          type: "message",
          message: { ...about, peer, author: { address: peer, isSelf: false }, id, body: "", notice },
        });
      }
      throw new HallwayError("unsupported");
    }

    return {
      message: {
        ...Object.fromEntries(nsProposals.map((xmlns) => [xmlns, proposals("propose")])),
        [nsInvites]: proposals("invite"),
      },
      requests: {
        [`set ${nsJingle}`]: { from: subscribers, answer: refuse },
        [`set ${nsStreams}`]: { from: subscribers, answer: refuse },
      },
    };
  },
});

/** Proposals are elements of this name. */
function proposals(name: string): MessageHandler {
  return {
    from: everyone,
    read: (child, draft) => {
      if (child.name !== name) return;
      draft.notice ??= { kind: kindOf(child) };
      // The message itself need not have an id, and comes again out of the archive.
      draft.id ??= usableId(child.attrs["id"]);
    },
  };
}

/** The subject of a session, by what describes it (XEP-0166 section 6.3, XEP-0234 section 5). */
function kindOf(element: Element): "call" | "file" {
  const describes = (one: Element | string): boolean =>
    typeof one !== "string" &&
    (one.getNS()?.startsWith("urn:xmpp:jingle:apps:file-transfer:") === true || one.children.some(describes));
  return element.children.some(describes) ? "file" : "call";
}
