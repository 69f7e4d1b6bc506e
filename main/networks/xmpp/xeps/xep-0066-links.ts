import type { Element } from "@xmpp/xml";
import { ellipsized } from "../../../../shared/text/truncate.ts";
import { defineExtension } from "../extension.ts";
import type { MessageDraft } from "../message/drafts.ts";
import { filesIn, linkLines, saysOnly } from "../message/web-links.ts";
import { everyone } from "../senders.ts";
import { childOf, textOf } from "../xml/element.ts";

const nsLink = "jabber:x:oob";
const maxLink = 4_000;

/** Out of Band Data (section 3): links to files. They are the text of a message that has no other. */
export const links = defineExtension({
  name: "XEP-0066: Out of Band Data",
  features: [],
  attach: () => ({
    message: {
      [nsLink]: {
        from: everyone,
        read: (child, draft) => {
          // All are read with the first.
          if (draft.body === undefined && child === childOf(draft.stanza, "x", nsLink))
            draft.body = linkLines(linksOf(draft).map(linkText));
        },
      },
    },
    // A body for programs that do not know links, or no more than one: this one does.
    messageRead: {
      from: everyone,
      about: [nsLink],
      read: (draft) => {
        const links = linksOf(draft);
        if (links.length === 0) return;
        const { body = "" } = draft;
        const urls = links.map(urlOf);
        const isFallback = draft.fallbackFor === nsLink;
        if (isFallback) draft.fallbackFor = undefined;
        else if (!saysOnly(body, urls)) return;
        if (!urls.every((url) => body.includes(url))) draft.body = linkLines(links.map(linkText));
      },
    },
  }),
});

function linksOf({ stanza }: MessageDraft): readonly Element[] {
  return filesIn(stanza, "x", nsLink).filter((link) => urlOf(link) !== "");
}

function urlOf(link: Element): string {
  return textOf(link, "url")?.trim() ?? "";
}

function linkText(link: Element): string {
  const url = urlOf(link);
  const about = textOf(link, "desc")?.trim() ?? "";
  return ellipsized(about === "" ? url : `${about}\n${url}`, maxLink);
}
