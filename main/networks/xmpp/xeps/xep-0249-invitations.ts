import { domainOf } from "../../../../shared/model/address.ts";
import { defineExtension } from "../extension.ts";
import { parseJid } from "../jid.ts";
import { noticeOf } from "../message/details.ts";
import { everyone } from "../senders.ts";
import { childOf } from "../xml/element.ts";

const nsConference = "jabber:x:conference";

/** Direct MUC Invitations: somebody asks into a room. */
export const directInvitations = defineExtension({
  name: "XEP-0249: Direct MUC Invitations",
  features: [],
  attach: () => ({
    message: {
      [nsConference]: {
        from: everyone,
        read: (child, draft) => {
          // Rooms add it to the invitations that they pass on, which say more.
          if (child.name !== "x" || draft.notice?.kind === "invitation") return;
          const room = parseJid(child.attrs["jid"]);
          if (draft.direction === "in" && room?.bare === draft.sender.jid.bare) draft.peer = domainOf(room.bare);
          draft.notice = noticeOf("invitation", room?.bare);
          const reason = child.attrs["reason"]?.trim() ?? "";
          if (!(draft.body ?? "").includes(reason))
            draft.body = draft.body === undefined ? reason : `${draft.body}\n${reason}`;
        },
      },
    },
    // A body that stands for the invitation says nothing that the line does not; the reason is the person's.
    messageRead: {
      from: everyone,
      about: [nsConference],
      read: (draft) => {
        if (draft.fallbackFor !== nsConference || draft.notice?.kind !== "invitation") return;
        draft.fallbackFor = undefined;
        draft.body = childOf(draft.stanza, "x", nsConference)?.attrs["reason"]?.trim() || undefined;
      },
    },
  }),
});
