import type { Element } from "@xmpp/xml";
import { type Address, domainOf } from "../../../../shared/model/address.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { type Jid, parseJid } from "../jid.ts";
import { noticeOf } from "../message/details.ts";
import type { MessageDraft } from "../message/drafts.ts";
import { everyone } from "../senders.ts";
import { childOf } from "../xml/element.ts";

const nsUser = "http://jabber.org/protocol/muc#user";

/**
 * Multi-User Chat, as far as what rooms send to somebody who is in none: invitations that a room passes on (section
 * 7.8.2), and private messages to and from occupants (section 7.5), of which other own devices and the archive have
 * copies. A room is nobody to talk with: what comes through one belongs to whoever is known to have sent it, else to
 * the room's service.
 */
export const rooms = defineExtension({
  name: "XEP-0045: Multi-User Chat",
  features: [],
  attach: (session) => ({
    message: {
      [nsUser]: {
        from: everyone,
        read: (child, draft) => {
          if (child.name !== "x") return;
          const room = draft.direction === "in" ? draft.sender.jid : parseJid(draft.stanza.attrs["to"]);
          if (!room?.address || isPerson(session, room)) return;
          const invite = childOf(child, "invite", nsUser);
          const decline = childOf(child, "decline", nsUser);
          // Prosody adds an empty one to an invitation that it passes on.
          if (!invite && draft.notice?.kind === "invitation") fromOccupant(draft, room);
          else if (decline && draft.direction === "in") declined(session, draft, { room, child: decline });
          else if (!invite) privateMessage(draft, room);
          else if (draft.direction === "in") invitation(session, draft, { room, child: invite });
          else invited(draft, room, invite);
        },
      },
    },
    // Programs of before 2017 do not mark private messages.
    messageRead: {
      from: everyone,
      read: (draft) => {
        const room = draft.direction === "in" ? draft.sender.jid : parseJid(draft.stanza.attrs["to"]);
        if (room?.address === undefined || draft.peer !== room.address || !session.roomServices.has(serviceOf(room)))
          return;
        if (draft.body !== undefined || draft.notice || draft.change) privateMessage(draft, room);
      },
    },
  }),
});

/** On the contact list, the own account, or a user of the own server: no room. */
function isPerson(session: ExtensionHost, { bare, address }: Jid): boolean {
  if (address === undefined || bare === session.address || domainOf(address) === session.domain) return true;
  for (const contact of session.contacts.values()) if (contact.address === address) return true;
  return false;
}

/** The service of a room; nobody's private address. */
function serviceOf(room: Jid): string {
  return domainOf(room.bare);
}

/** An invitation to another room, of somebody in this one. */
function fromOccupant(draft: MessageDraft, room: Jid): void {
  if (draft.peer !== room.address) return;
  draft.peer = serviceOf(room);
  draft.notice = noticeOf("invitation", draft.notice?.what, room.resource);
}

function privateMessage(draft: MessageDraft, room: Jid): void {
  // What is changed of one is not followed: a room may give its names to others.
  draft.change = undefined;
  draft.peer = serviceOf(room);
  // Without a text the room tells programs of something.
  if (draft.body !== undefined) draft.notice = noticeOf("room-message", room.bare, room.resource);
}

/** An element that a room passes on. */
interface Passed {
  readonly room: Jid;
  readonly child: Element;
}

/**
 * The room says who invites. It "MUST" give their true address (section 7.8.2), and that is believed of the services
 * for rooms that the own server says it has. Anybody else may be no room at all: what they say is told as their word.
 */
function invitation(session: ExtensionHost, draft: MessageDraft, { room, child: invite }: Passed): void {
  const inviter = parseJid(invite.attrs["from"]);
  // Prosody gives the occupant in the place of the person, as of a room that hides addresses.
  const isOccupant = inviter?.bare === room.bare;
  const isBelieved = !isOccupant && isBelievedOf(session, serviceOf(room), inviter?.address);
  draft.peer = isBelieved && inviter?.address !== undefined ? inviter.address : serviceOf(room);
  draft.notice = noticeOf(
    "invitation",
    room.bare,
    isBelieved ? undefined : isOccupant ? inviter.resource : inviter?.address,
  );
  // The body is the service's.
  draft.body = invite.getChildText("reason") || undefined;
}

function isBelievedOf(session: ExtensionHost, service: string, who: Address | undefined): who is Address {
  return who !== undefined && who !== session.address && session.roomServices.has(service);
}

/** An answer to an invitation that went out from another own device (section 7.8.3), believed as that is. */
function declined(session: ExtensionHost, draft: MessageDraft, { room, child: decline }: Passed): void {
  const { address: guest, bare, resource } = parseJid(decline.attrs["from"]) ?? {};
  const isOccupant = bare === room.bare;
  const isBelieved = !isOccupant && isBelievedOf(session, serviceOf(room), guest);
  draft.peer = isBelieved ? guest : serviceOf(room);
  draft.notice = noticeOf("other", nsUser, isBelieved ? undefined : isOccupant ? resource : guest);
  draft.body = decline.getChildText("reason") || undefined;
}

/** One that went out from another own device. */
function invited(draft: MessageDraft, room: Jid, invite: Element): void {
  const guest = parseJid(invite.attrs["to"])?.address;
  draft.peer = guest ?? serviceOf(room);
  draft.notice = noticeOf("invitation", room.bare);
  draft.body = invite.getChildText("reason") || undefined;
}
