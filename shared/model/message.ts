import * as v from "valibot";
import { ErrorInfoSchema } from "../errors.ts";
import { AccountIdSchema } from "./account.ts";
import { AddressSchema } from "./address.ts";
import { AuthorSchema } from "./author.ts";
import { ConversationIdSchema, ConversationKindSchema } from "./conversation-id.ts";
import { MessageNoticeSchema } from "./notice.ts";

/** Longest message body, in UTF-16 units; longer is refused with `message-too-long`. */
export const maxBodyLength = 65_536;

/** Local id of a message: a UUID made by whoever stored it first; also the id used on the wire for our own messages. */
export const MessageIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
export type MessageId = v.InferOutput<typeof MessageIdSchema>;

/**
 * States of an outgoing message; an incoming one is always `received`.
 *
 *   waiting -> sent -> delivered -> read
 *      |  \-> failed -> waiting (Try again)
 *
 * `waiting`: not taken by the server yet; `sent`: the server has it (XEP-0198 ack, SIP 2xx); `delivered`: a device of
 * theirs has it (XEP-0184, RFC 5438); `read`: displayed there (XEP-0333, RFC 5438). States only move forward.
 */
export const messageStates = ["waiting", "sent", "delivered", "read", "failed", "received"] as const;
export const MessageStateSchema = v.picklist(messageStates);
export type MessageState = v.InferOutput<typeof MessageStateSchema>;

export const MessageRecordSchema = v.object({
  id: MessageIdSchema,
  conversationId: ConversationIdSchema,
  accountId: AccountIdSchema,
  /** Which way it travelled. */
  direction: v.picklist(["in", "out"]),
  /** Author of the message. */
  author: AuthorSchema,
  /** Text; with a notice, the words that came with it, if any. */
  body: v.string(),
  /** This version cannot show it: a line says who did what. */
  notice: v.optional(MessageNoticeSchema),
  /**
   * Its place in the conversation, milliseconds since the epoch: when it arrived or was typed; where the own server
   * kept it, when the server got it; out of an archive, the archive's stamp. Never before what had arrived earlier.
   */
  at: v.number(),
  /** The stamp that it came with, where that says another time than its place. */
  saidAt: v.optional(v.number()),
  /** Tie-break and paging cursor: grows with every stored message. */
  seq: v.number(),
  state: MessageStateSchema,
  error: v.optional(ErrorInfoSchema),
  /** The own server kept it before it reached us (XEP-0203, msilo). */
  delayed: v.optional(v.boolean()),
  /** An own message from another device. */
  otherDevice: v.optional(v.boolean()),
  /** When its text was last corrected; `body` is what it says now. */
  corrected: v.optional(v.number()),
  /** It was taken back: a line stays that says so, `body` is empty. */
  retracted: v.optional(v.boolean()),
  /** State of the latest correction or retraction: it waits for the network, or was not sent. */
  change: v.optional(
    v.object({
      kind: v.picklist(["correction", "retraction"]),
      state: v.picklist(["waiting", "failed"]),
      error: v.optional(ErrorInfoSchema),
    }),
  ),
  /** End-to-end encryption that it came or went under, by its method. */
  encryption: v.optional(v.string()),
});
export type MessageRecord = v.InferOutput<typeof MessageRecordSchema>;

/** A conversation as the list shows it. */
export const ConversationRecordSchema = v.object({
  id: ConversationIdSchema,
  accountId: AccountIdSchema,
  kind: ConversationKindSchema,
  /** Address that it is with: of a person or service, or of a room. */
  address: AddressSchema,
  /** Name of a room; a direct conversation has that of its contact. */
  name: v.optional(v.string()),
  unread: v.number(),
  /** The first message not read; the divider stands above it. */
  firstUnread: v.optional(MessageIdSchema),
  last: v.optional(
    v.object({
      text: v.string(),
      at: v.number(),
      direction: v.picklist(["in", "out"]),
      author: AuthorSchema,
      retracted: v.optional(v.boolean()),
      notice: v.optional(MessageNoticeSchema),
    }),
  ),
  typing: v.boolean(),
  draft: v.optional(v.string()),
});
export type ConversationRecord = v.InferOutput<typeof ConversationRecordSchema>;

/** A hit of a search through history. `snippet` holds the text with U+E000 and U+E001 around each match. */
export const SearchHitSchema = v.object({ message: MessageRecordSchema, snippet: v.string() });
export type SearchHit = v.InferOutput<typeof SearchHitSchema>;
export const matchStart = "\uE000";
export const matchEnd = "\uE001";
