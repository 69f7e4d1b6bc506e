import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { maxNoticeDetail } from "../../../../shared/model/notice.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";

/** A notice with details of its sender's, cut to what is kept of them; one that does not show is left out. */
export function noticeOf(kind: MessageNotice["kind"], what?: string, who?: string): MessageNotice {
  const shown = { what: visibleName(what, maxNoticeDetail), who: visibleName(who, maxNoticeDetail) };
  return {
    kind,
    ...(shown.what === undefined ? {} : { what: shown.what }),
    ...(shown.who === undefined ? {} : { who: shown.who }),
  };
}
