import * as v from "valibot";
import { type Author, AuthorSchema, authorKey, directAuthor } from "../../../shared/model/author.ts";
import { type MessageNotice, MessageNoticeSchema } from "../../../shared/model/notice.ts";
import { parseJson } from "../../../shared/parse-json.ts";

/**
 * Author of a message as its row has it: JSON of Author, or null where the direction says who wrote it, which in a
 * direct conversation is always so: the person (out), or the address that the conversation is with (in).
 */
export interface AuthorColumn {
  /** 0: incoming, 1: outgoing. */
  readonly direction: number;
  /** JSON of Author, where the direction does not say who wrote it. */
  readonly author: string | null;
}

/** The column of an author; `peer`: the address that the conversation is with. */
export function authorText(author: Author, direction: "in" | "out", peer: string): string | null {
  const { address, name, occupant, isSelf } = author;
  const isSaid =
    occupant === undefined &&
    (direction === "out" ? isSelf : !isSelf && (address === peer || (address === undefined && name === undefined)));
  return isSaid ? null : JSON.stringify({ address, name, occupant, isSelf });
}

/** Author in a column. One of a later version that cannot be read is unknown. */
export function authorOf(
  { direction, author }: AuthorColumn,
  around: { readonly own: string | undefined; readonly peer: string },
): Author {
  if (author === null) return directAuthor(direction === 1 ? "out" : "in", around);
  const parsed = v.safeParse(AuthorSchema, parseJson(author));
  return parsed.success ? parsed.output : { isSelf: false };
}

/** Key of an author within a conversation and direction; empty where the direction says it. */
export function authorKeyOf({ direction, author }: AuthorColumn): string {
  if (author === null) return "";
  const parsed = authorOf({ direction, author }, { own: undefined, peer: "" });
  // Own messages come back from a room with the id of the occupant that the person is there.
  return parsed.isSelf && direction === 1 ? "" : authorKey(parsed);
}

/** A notice as it is kept: the same notice is the same text. */
export function noticeText(notice: MessageNotice | undefined): string | null {
  if (!notice) return null;
  const { kind, what, who } = notice;
  return JSON.stringify({ kind, what, who });
}

/** Notice in a column. A kind of a later version is something that this one cannot show, too. */
export function noticeOf(text: string | null): MessageNotice | undefined {
  if (text === null) return undefined;
  const parsed = v.safeParse(MessageNoticeSchema, parseJson(text));
  return parsed.success ? parsed.output : { kind: "other" };
}
