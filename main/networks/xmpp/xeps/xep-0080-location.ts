import { defineExtension } from "../extension.ts";
import { noticeOf } from "../message/details.ts";
import { everyone } from "../senders.ts";
import { textOf } from "../xml/element.ts";

const nsLocation = "http://jabber.org/protocol/geoloc";

/** User Location, sent in a message (section 3). */
export const location = defineExtension({
  name: "XEP-0080: User Location",
  features: [],
  attach: () => ({
    message: {
      [nsLocation]: {
        from: everyone,
        read: (child, draft) => {
          const place = [textOf(child, "lat"), textOf(child, "lon")].filter((text) => text !== undefined).join(", ");
          draft.notice ??= noticeOf("location", place === "" ? textOf(child, "text") : place);
        },
      },
    },
  }),
});
