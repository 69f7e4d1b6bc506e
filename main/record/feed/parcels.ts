import type { SettingValue } from "../../../shared/settings/declaration.ts";
import { createWords } from "../../../shared/words/words.ts";
import { itemEml } from "../formats/eml.ts";
import { itemJson } from "../formats/json.ts";
import { itemXml } from "../formats/xml.ts";
import type { FeedItem } from "./compliance-feed.ts";
import type { Parcel } from "./destinations/destination.ts";

interface ItemForm {
  readonly text: (item: FeedItem) => string;
  readonly mediaType: string;
  readonly extension: string;
}

const english = createWords("en");

const forms: Readonly<Record<SettingValue<"ArchiveFormat">, ItemForm>> = {
  json: { text: itemJson, mediaType: "application/json", extension: "json" },
  eml: { text: (item) => itemEml(item, english), mediaType: "message/rfc822", extension: "eml" },
  xml: { text: itemXml, mediaType: "application/xml", extension: "xml" },
};

/** An item in the form in which the archive wants it. */
export function itemParcel(item: FeedItem, format: SettingValue<"ArchiveFormat">): Parcel {
  const { text, mediaType, extension } = forms[format];
  const { network, own, peer, direction, sentAt, conversationId } = item.message;
  return {
    id: item.id,
    what: item.what,
    at: sentAt,
    text: text(item),
    mediaType,
    extension,
    fields: { network: network ?? "", account: own ?? "", peer, direction, conversation: conversationId },
  };
}
