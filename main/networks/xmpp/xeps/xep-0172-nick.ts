import { maxNameLength } from "../../../../shared/model/contact.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";
import { defineExtension } from "../extension.ts";
import { persons } from "../senders.ts";

const nsNick = "http://jabber.org/protocol/nick";

/** User Nickname: the name that somebody gives with a request to see our presence (section 4.2). */
export const nickname = defineExtension({
  name: "XEP-0172: User Nickname",
  features: [],
  attach: () => ({
    presence: {
      [nsNick]: {
        from: persons,
        read: (child, draft) => {
          draft.nickname = visibleName(child.getText(), maxNameLength);
        },
      },
    },
  }),
});
