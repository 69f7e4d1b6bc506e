import type { Element } from "@xmpp/xml";
import { noticeOf } from "../details.ts";
import { defineExtension, type MessageDraft } from "../extension.ts";
import { childOf, textOf } from "../xml/element.ts";

const nsShare = "urn:xmpp:sfs:0";
const nsReference = "urn:xmpp:reference:0";
const nsSharing = "urn:xmpp:sims:1";
const nsSticker = "urn:xmpp:stickers:0";
/** The versions of File Metadata (XEP-0446, before that XEP-0234) that are in use. */
const nsFiles = [
  "urn:xmpp:file:metadata:0",
  "urn:xmpp:jingle:apps:file-transfer:5",
  "urn:xmpp:jingle:apps:file-transfer:4",
  "urn:xmpp:jingle:apps:file-transfer:3",
];

/** Stateless File Sharing, the older form of it (XEP-0385), and Stickers (XEP-0449), which are shared so. A text beside a file is the person's. */
export const sharedFiles = defineExtension({
  name: "XEP-0447: Stateless File Sharing",
  features: [],
  attach: () => ({
    messageRead(draft) {
      const { stanza } = draft;
      if (childOf(stanza, "sticker", nsSticker)) {
        // XEP-0449 section 4: the body stands for the picture.
        draft.notice = noticeOf("sticker", draft.body);
        draft.body = undefined;
        return;
      }
      const reference = childOf(stanza, "reference", nsReference);
      const sharing = childOf(stanza, "file-sharing", nsShare) ?? (reference && childOf(reference, "media-sharing", nsSharing));
      if (sharing) share(sharing, draft);
    },
  }),
});

/** A file with an address on the web is told by that, as most programs do in the body; any other by its name. */
function share(sharing: Element, draft: MessageDraft): void {
  const file = nsFiles.map((xmlns) => childOf(sharing, "file", xmlns)).find((found) => found !== undefined);
  const url = urlIn(sharing);
  if (url === undefined) {
    draft.notice ??= noticeOf("file", file && (textOf(file, "name") ?? textOf(file, "desc")));
    return;
  }
  if (draft.body !== undefined && draft.fallbackFor === undefined) return;
  draft.body = url;
  draft.fallbackFor = undefined;
}

function urlIn(element: Element, depth = 0): string | undefined {
  for (const child of element.children) {
    if (typeof child === "string" || depth > 4) continue;
    const target = child.attrs["target"] ?? child.attrs["uri"];
    if (target !== undefined && /^https?:\/\/\S+$/i.test(target) && target.length <= 4_000) return target;
    const inside = urlIn(child, depth + 1);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
