import { ellipsized } from "../../../../shared/text/truncate.ts";
import { defineExtension } from "../extension.ts";
import { textOf } from "../xml/element.ts";

const nsLink = "jabber:x:oob";
const maxLink = 4_000;

/** Out of Band Data (section 3): a link to a file. It is the text of a message that has no other. */
export const links = defineExtension({
  name: "XEP-0066: Out of Band Data",
  features: [],
  attach: () => ({
    message: {
      [nsLink]: (child, draft) => {
        const url = textOf(child, "url")?.trim() ?? "";
        if (url === "" || draft.body !== undefined) return;
        const about = textOf(child, "desc")?.trim() ?? "";
        draft.body = ellipsized(about === "" ? url : `${about}\n${url}`, maxLink);
      },
    },
  }),
});
