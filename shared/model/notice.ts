import * as v from "valibot";

/** Longest detail of a notice, in UTF-16 units. */
export const maxNoticeDetail = 200;

/**
 * Actions of people that this version cannot show:
 * - `encrypted`: an end-to-end encrypted message; `what` is the method
 * - `reaction`, `reaction-removed`: a reaction to a message; `what` is the emoji
 * - `session`: a wish to chat in a session of its own (MSRP)
 * - `call`: a call; `attention`: a call for attention (XEP-0224)
 * - `invitation`: an invitation to the room `what`; `who` invites where the conversation is not with them
 * - `room-message`: a private message in the room `what`, from or to the occupant `who`
 * - `file`, `sticker`: `what` is a name; `location`: `what` is the coordinates
 * - `too-large`: something of which the limits on sizes left nothing
 * - `other`: anything else; `what` is the namespace or media type, for the record
 */
export const noticeKinds = [
  "encrypted",
  "reaction",
  "reaction-removed",
  "call",
  "session",
  "attention",
  "invitation",
  "room-message",
  "file",
  "sticker",
  "location",
  "too-large",
  "other",
] as const;

/**
 * Notice in the place of a message that is legal and that this version cannot show. It is kept by its kind, never by a
 * sentence, so that everybody reads it in their own language; a later version may show what this one cannot. `what` and
 * `who` are words of the sender.
 */
export const MessageNoticeSchema = v.object({
  kind: v.picklist(noticeKinds),
  what: v.optional(v.pipe(v.string(), v.maxLength(maxNoticeDetail))),
  who: v.optional(v.pipe(v.string(), v.maxLength(maxNoticeDetail))),
});
export type MessageNotice = v.InferOutput<typeof MessageNoticeSchema>;
