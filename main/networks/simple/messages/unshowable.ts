import { type MessageNotice, maxNoticeDetail } from "../../../../shared/model/notice.ts";
import { ellipsized } from "../../../../shared/text/truncate.ts";
import { detached } from "../../detached-text.ts";
import { parseMultipart } from "../payloads/rfc-2046-multipart.ts";
import { childrenNamed, parseXml, type XmlElement, XmlError } from "../payloads/xml.ts";
import type { BodyPart } from "../wire/body.ts";

/** Content of a body for a person: its texts, and what of it cannot be shown. */
export interface ReadContent {
  readonly texts: readonly string[];
  readonly notices: readonly MessageNotice[];
}

/** How deep parts stand in parts. */
const maxDepth = 4;
/** Types that programs add for programs: signatures, and the list of recipients of one message (RFC 5365). */
const machineTypes: readonly string[] = [
  "application/pkcs7-signature",
  "application/x-pkcs7-signature",
  "application/pgp-signature",
  "application/resource-lists+xml",
];
const encryptedTypes: Readonly<Record<string, string>> = {
  "application/pkcs7-mime": "S/MIME",
  "application/x-pkcs7-mime": "S/MIME",
  "application/pgp-encrypted": "OpenPGP",
  "multipart/encrypted": "OpenPGP",
};
/** RFC 1847 section 2.2: what is in it says the protocol; OpenPGP (RFC 3156) where it does not. */
const protocols: Readonly<Record<string, string>> = {
  "application/pgp-encrypted": "OpenPGP",
  "application/lime": "LIME",
};
/** RCC.07: a link to a file on a server, as linphone and RCS send it. */
const fileLinkType = "application/vnd.gsma.rcs-ft-http+xml";
const locationTypes: readonly string[] = ["application/vnd.gsma.rcspushlocation+xml", "application/geo+json"];
/** Types that are a file wherever they are met. */
const fileType =
  /^(?:image|audio|video|font|model)\/|^application\/(?:octet-stream|pdf|zip|msword|rtf|vnd\.(?:ms-|openxmlformats|oasis))/;

/** Content of a body of a type that is no text: a notice for each part, and the texts among them. */
export function readContent(part: BodyPart, depth = 0): ReadContent {
  if (!part.type.startsWith("multipart/") || part.type in encryptedTypes) return leaf(part);
  const parts = depth < maxDepth ? parseMultipart(part) : [];
  const read = parts.filter(isForPeople).map((one) => readContent(one, depth + 1));
  // RFC 2046 section 5.1.4: the same thing several times; the last that can be shown is the best.
  if (part.type === "multipart/alternative") {
    const best = read.findLast(({ texts }) => texts.length > 0) ?? read.at(-1);
    if (best) return best;
  }
  if (read.length === 0) return { texts: [], notices: [{ kind: "other", what: detail(part.type) }] };
  return { texts: read.flatMap(({ texts }) => texts), notices: read.flatMap(({ notices }) => notices) };
}

function isForPeople({ type, headers }: BodyPart): boolean {
  return !machineTypes.includes(type) && !/^recipient-list/i.test(headers.get("content-disposition") ?? "");
}

function leaf(part: BodyPart): ReadContent {
  const text = part.type === "text/plain" ? decodeText(part) : undefined;
  if (text === undefined) return { texts: [], notices: [noticeOf(part)] };
  return { texts: text.trim() === "" ? [] : [text], notices: [] };
}

function decodeText({ params, content }: BodyPart): string | undefined {
  try {
    return new TextDecoder(params.get("charset") ?? "utf-8", { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** Notice of a part that cannot be shown. */
export function noticeOf(part: BodyPart): MessageNotice {
  const { type, headers } = part;
  const method =
    type === "multipart/encrypted"
      ? methodOf(part)
      : Object.hasOwn(encryptedTypes, type)
        ? encryptedTypes[type]
        : undefined;
  // RFC 8551 section 3.2.2: a signed one is not encrypted, and still nothing that could be read here.
  if (method !== undefined)
    return /signed-data|certs-only/i.test(part.params.get("smime-type") ?? "")
      ? { kind: "other", what: detail(type) }
      : { kind: "encrypted", what: method };
  if (locationTypes.includes(type)) return { kind: "location" };
  const name = fileName(part);
  const isFile =
    name !== undefined ||
    type === fileLinkType ||
    type === "message/external-body" ||
    fileType.test(type) ||
    /^attachment/i.test(headers.get("content-disposition") ?? "");
  if (!isFile) return { kind: "other", what: detail(type) };
  return { kind: "file", what: detail(name ?? (type === fileLinkType ? "" : type)) };
}

function methodOf(part: BodyPart): string {
  const protocol = (
    part.params.get("protocol") ??
    parseMultipart(part)[0]?.type ??
    "application/pgp-encrypted"
  ).toLowerCase();
  return Object.hasOwn(protocols, protocol) ? (protocols[protocol] ?? detail(protocol)) : detail(protocol);
}

/** RFC 2183 section 2.3, RFC 4483 section 5 for content that is elsewhere, and what RCS puts in a document. */
function fileName({ type, params, headers, content }: BodyPart): string | undefined {
  const named = /\bfilename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(
    headers.get("content-disposition")?.slice(0, 1_000) ?? "",
  );
  const said = named?.[1]?.replace(/\\(.)/g, "$1") ?? named?.[2] ?? params.get("name") ?? params.get("filename");
  if (said !== undefined && said !== "") return lastSegment(said);
  if (type === "message/external-body") {
    const url = params.get("url");
    return url === undefined || !URL.canParse(url) ? undefined : lastSegment(new URL(url).pathname) || undefined;
  }
  return type === fileLinkType ? linkedName(content) : undefined;
}

function linkedName(content: Uint8Array): string | undefined {
  try {
    const root = parseXml(Buffer.from(content).toString("utf8"), { length: 32_768, depth: 8, elements: 200 });
    const infos = root.children.filter(
      ({ name, attributes }) => name === "file-info" && attributes.get("type") !== "thumbnail",
    );
    return (
      infos.flatMap((info: XmlElement) => childrenNamed(info, "file-name", info.namespace))[0]?.text.trim() || undefined
    );
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

function lastSegment(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** Words of a sender as a notice takes them. */
function detail(text: string): string {
  return detached(ellipsized(text.replace(/\p{Cc}+/gu, " ").trim(), maxNoticeDetail));
}
