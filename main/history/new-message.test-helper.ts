import { placeOf } from "../../shared/model/conversation-id.ts";
import type { NewMessage } from "./history.ts";

/**
 * A message as it comes into the history: `fields` are those that a test is about, the rest is plain. One of theirs is
 * unread, an own one (`direction: "out"`) waits and has its id on the wire, too.
 */
export function newMessage(id: string, fields: Partial<NewMessage> = {}): NewMessage {
  const { conversationId = "account-1|bob@example.test", direction = "in", at = 1_000 } = fields;
  const isOwn = direction === "out";
  return {
    id,
    conversationId,
    place: placeOf(conversationId),
    direction,
    author: { isSelf: isOwn },
    wireId: isOwn ? id : `wire-${id}`,
    archiveId: undefined,
    body: `words of ${id}`,
    at,
    network: "xmpp",
    own: "me@example.test",
    receivedAt: at,
    state: isOwn ? "waiting" : "received",
    delayed: false,
    otherDevice: false,
    unread: !isOwn,
    wantsRead: false,
    ...fields,
  };
}
