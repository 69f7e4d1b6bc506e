import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { FeedItem } from "./compliance-feed.ts";
import { itemId } from "./item-id.ts";
import { changeItem } from "./recorded.ts";

/**
 * Items fed of a message, made again from the record: its first text has the id that it had then, and so has a
 * retraction; a correction has another, since the record does not keep its own id. Words that the record does not hold
 * any more are not made up.
 */
export function rebuiltItems(message: RecordedMessage): FeedItem[] {
  const { versions, body, retractedAt, correctedAt, sentAt } = message;
  const said = [...versions.map((version) => ({ body: version.body, at: version.since }))];
  if (retractedAt === undefined) said.push({ body, at: correctedAt ?? sentAt });
  const plain: RecordedMessage = { ...message, versions: [], correctedAt: undefined, retractedAt: undefined };
  const items = said.map((words, index): FeedItem => {
    if (index > 0)
      return changeItem(
        "correction",
        { ...plain, body: words.body, notice: undefined, sentAt: words.at, correctedAt: words.at },
        undefined,
      );
    const first = { ...plain, body: words.body };
    return { id: itemId("message", first), what: "message", message: first };
  });
  if (retractedAt !== undefined)
    items.push(
      changeItem("retraction", { ...plain, body: "", notice: undefined, sentAt: retractedAt, retractedAt }, undefined),
    );
  return items;
}
