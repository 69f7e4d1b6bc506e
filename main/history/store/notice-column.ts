import * as v from "valibot";
import { type MessageNotice, MessageNoticeSchema } from "../../../shared/model/notice.ts";
import { parseJson } from "../../../shared/parse-json.ts";

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
