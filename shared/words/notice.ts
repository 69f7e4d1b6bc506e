import type { Author } from "../model/author.ts";
import type { MessageNotice } from "../model/notice.ts";
import type { Words } from "./words.ts";

/**
 * The line that stands for what cannot be shown: who did what. `name`: of the author, or, where that is the person, of
 * the other side.
 */
export function noticeLine(
  words: Pick<Words, "t">,
  { kind, what, who }: MessageNotice,
  { author, name }: { readonly author: Pick<Author, "isSelf">; readonly name: string },
): string {
  // A namespace or a media type tells a person nothing; it is in the record.
  return words.t(author.isSelf ? `notice.out.${kind}` : `notice.in.${kind}`, {
    name,
    who,
    what: kind === "other" ? undefined : what,
  });
}

/** A message in one line: a notice with the words that came with it, else what it says. */
export function lineOf(
  words: Pick<Words, "t">,
  message: {
    readonly body: string;
    readonly notice?: MessageNotice | undefined;
    readonly author: Pick<Author, "isSelf">;
  },
  name: string,
): string {
  if (message.notice === undefined) return message.body;
  const line = noticeLine(words, message.notice, { author: message.author, name });
  return message.body === "" ? line : `${line} ${message.body}`;
}
