import { type MessageNotice, maxNoticeDetail } from "../../../../shared/model/notice.ts";
import { ellipsized } from "../../../../shared/text/truncate.ts";
import { detached } from "../../detached-text.ts";
import { parseNameAddress, type SipRequest } from "../wire/message.ts";
import { addressOfUri } from "../wire/uri.ts";

/** Longest session description that is looked through, in bytes. */
const maxDescription = 65_536;

/**
 * Notice for what an INVITE or REFER asks of the person: a call, a chat session (RFC 4975), a file (RFC 5547), or to
 * come to a conference (RFC 4579). Undefined for a request that asks nothing, or continues one begun before.
 */
export function invitationOf(request: SipRequest): MessageNotice | undefined {
  if (request.method === "INVITE") return inviteNotice(request);
  if (request.method !== "REFER") return undefined;
  const target = parseNameAddress(request.headers.get("refer-to") ?? "").uri;
  return target === "" ? { kind: "other", what: "REFER" } : { kind: "invitation", what: nameOfTarget(target) };
}

function inviteNotice({ headers, body }: SipRequest): MessageNotice {
  const contact = parseNameAddress(headers.list("contact")[0] ?? "");
  if (contact.params.has("isfocus")) return { kind: "invitation", what: nameOfTarget(contact.uri) };
  const description = Buffer.from(body.subarray(0, maxDescription)).toString("utf8");
  const media = [...description.matchAll(/^m=([a-z]+)[ \t]/gim)].map(([, kind]) => kind?.toLowerCase());
  const file = /^a=file-selector:.*?\bname:"([^"\r\n]*)"/m.exec(description)?.[1];
  if (file !== undefined || /^a=file-selector:/m.test(description))
    return { kind: "file", ...(file ? { what: detail(file) } : {}) };
  // RFC 3261 section 13.2.1: without an offer it is a call as any other.
  return media.length > 0 && media.every((kind) => kind === "message") ? { kind: "session" } : { kind: "call" };
}

function nameOfTarget(uri: string): string {
  return detail(addressOfUri(uri) ?? uri);
}

function detail(text: string): string {
  return detached(ellipsized(text.replace(/\p{Cc}+/gu, " ").trim(), maxNoticeDetail));
}
