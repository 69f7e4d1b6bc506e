import type { Element } from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { noticeOf } from "../message/details.ts";
import type { MessageDraft } from "../message/drafts.ts";
import { filesIn, linkLines, maxFiles, saysOnly } from "../message/web-links.ts";
import { everyone } from "../senders.ts";
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

/**
 * Stateless File Sharing, the older form of it (XEP-0385), and Stickers (XEP-0449), which are shared so. A text beside
 * a file is the person's.
 */
export const sharedFiles = defineExtension({
  name: "XEP-0447: Stateless File Sharing",
  features: [],
  attach: () => ({
    messageRead: {
      from: everyone,
      about: [nsSticker, nsShare, nsReference],
      read: (draft) => {
        const { stanza } = draft;
        if (childOf(stanza, "sticker", nsSticker)) {
          // XEP-0449 section 4: the body stands for the picture.
          draft.notice = noticeOf("sticker", draft.body);
          draft.body = undefined;
          return;
        }
        // Who sends both forms says the same file twice.
        const shared = filesIn(stanza, "file-sharing", nsShare);
        const sharings = shared.length > 0 ? shared : referredIn(stanza);
        if (sharings.length > 0) share(sharings, draft);
      },
    },
  }),
});

function referredIn(stanza: Element): readonly Element[] {
  const references = stanza.getChildren("reference", nsReference);
  return references.flatMap((reference) => childOf(reference, "media-sharing", nsSharing) ?? []).slice(0, maxFiles);
}

/** Files with an address on the web are told by that, as most programs do in the body; any others by their names. */
function share(sharings: readonly Element[], draft: MessageDraft): void {
  const urls: string[] = [];
  const names: string[] = [];
  let isNameless = false;
  for (const sharing of sharings) {
    const url = urlIn(sharing);
    const name = url === undefined ? nameIn(sharing) : undefined;
    if (url !== undefined) urls.push(url);
    else if (name !== undefined) names.push(name);
    else isNameless = true;
  }
  if (names.length > 0 || isNameless)
    draft.notice ??= noticeOf("file", names.length === 0 ? undefined : names.join(", "));
  if (urls.length === 0 || (draft.body !== undefined && draft.fallbackFor === undefined && !saysOnly(draft.body, urls)))
    return;
  draft.body = linkLines(urls);
  draft.fallbackFor = undefined;
}

function nameIn(sharing: Element): string | undefined {
  const file = nsFiles.map((xmlns) => childOf(sharing, "file", xmlns)).find((found) => found !== undefined);
  return file && (textOf(file, "name") ?? textOf(file, "desc"));
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
