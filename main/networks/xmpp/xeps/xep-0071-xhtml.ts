import type { Element } from "@xmpp/xml";
import { maxBodyLength } from "../../../../shared/model/message.ts";
import { ellipsized } from "../../../../shared/text/truncate.ts";
import { defineExtension } from "../extension.ts";
import { everyone } from "../senders.ts";
import { childOf } from "../xml/element.ts";

const nsHtml = "http://jabber.org/protocol/xhtml-im";
const nsXhtml = "http://www.w3.org/1999/xhtml";
/** Elements that stand in lines of their own. */
const blocks: ReadonlySet<string> = new Set([
  "address",
  "blockquote",
  "div",
  "dl",
  "dd",
  "dt",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "li",
  "ol",
  "p",
  "pre",
  "ul",
]);

/**
 * XHTML-IM: the same text again with its looks (section 8), which are not shown. Where a program leaves out the plain
 * text, this is it.
 */
export const formattedText = defineExtension({
  name: "XEP-0071: XHTML-IM",
  features: [],
  attach: () => ({
    message: {
      [nsHtml]: {
        from: everyone,
        read: (child, draft) => {
          if (child.name !== "html" || draft.stanza.getChildText("body")) return;
          const html = childOf(child, "body", nsXhtml);
          const text = html ? plainText(html) : "";
          if (text !== "")
            draft.body = ellipsized(draft.body === undefined ? text : `${draft.body}\n${text}`, maxBodyLength);
        },
      },
    },
  }),
});

function plainText(html: Element): string {
  const pieces: string[] = [];
  const read = (element: Element): void => {
    for (const child of element.children) {
      if (typeof child === "string") pieces.push(child.replace(/\s+/g, " "));
      else if (child.name === "br") pieces.push("\n");
      else if (child.name === "img") pieces.push(child.attrs["alt"] ?? "");
      else {
        const edge = blocks.has(child.name) ? "\n" : "";
        pieces.push(edge);
        read(child);
        pieces.push(edge);
      }
    }
  };
  read(html);
  return pieces
    .join("")
    .replace(/ ?\n\s*/g, "\n")
    .trim();
}
