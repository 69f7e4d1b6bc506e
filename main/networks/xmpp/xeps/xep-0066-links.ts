import type { Element } from "@xmpp/xml";
import { ellipsized } from "../../../../shared/text/truncate.ts";
import { defineExtension } from "../extension.ts";
import { childOf, textOf } from "../xml/element.ts";

const nsLink = "jabber:x:oob";
const maxLink = 4_000;

/** Out of Band Data (section 3): a link to a file. It is the text of a message that has no other. */
export const links = defineExtension({
  name: "XEP-0066: Out of Band Data",
  features: [],
  attach: () => ({
    message: {
      [nsLink]: (child, draft) => {
        if (draft.body === undefined) draft.body = linkText(child);
      },
    },
    // A body for programs that do not know links: this one does.
    messageRead: (draft) => {
      if (draft.fallbackFor !== nsLink) return;
      const link = childOf(draft.stanza, "x", nsLink);
      const url = link && textOf(link, "url")?.trim();
      if (link === undefined || !url) return;
      draft.fallbackFor = undefined;
      if (!draft.body?.includes(url)) draft.body = linkText(link);
    },
  }),
});

function linkText(link: Element): string | undefined {
  const url = textOf(link, "url")?.trim() ?? "";
  const about = textOf(link, "desc")?.trim() ?? "";
  return url === "" ? undefined : ellipsized(about === "" ? url : `${about}\n${url}`, maxLink);
}
