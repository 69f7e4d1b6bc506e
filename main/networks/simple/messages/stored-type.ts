import type { Address } from "../../../../shared/model/address.ts";
import { CpimError, cpimHeader, cpimType, cpimUri, parseCpim } from "../../../cpim/message.ts";
import { isComposingType, parseIsComposing } from "../payloads/rfc-3994-is-composing.ts";
import { imdnType, parseImdn } from "../payloads/rfc-5438-imdn.ts";
import { child, parseXml, type XmlElement, XmlError } from "../payloads/xml.ts";
import { BodyError, checkCharset } from "../wire/body.ts";
import { parseParameters } from "../wire/message.ts";
import { addressOfUri } from "../wire/uri.ts";

/** Both ends of a message, as SIP and our own sign-in say. */
export interface Ends {
  /** Sender: the SIP From. */
  readonly peer: Address;
  readonly own: Address;
}

/**
 * Kamailio's store writes the time into the text unless it is told not to (msilo, `add_date`); it stands in the Date
 * header, too.
 */
const storeStamp = /^\[Offline message - [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] /;

/** A text without the time that a message store wrote before it. */
export function withoutStoreStamp(text: string): string {
  return text.replace(storeStamp, "");
}

/** RFC 3994 section 6 and RFC 5438 section 11: whatever else stands in a document was not written by a program. */
const composingParts: readonly string[] = ["state", "lastactive", "contenttype", "refresh"];
const imdnNamespace = "urn:ietf:params:xml:ns:imdn";
const composingNamespace = "urn:ietf:params:xml:ns:im-iscomposing";

/**
 * Type that a text had before a message store made text/plain of it: Kamailio's msilo hands everything out as such.
 * Only a text that is an envelope or a document from its first to its last character, and names its ends rightly, is
 * taken for one; all else is `text/plain`. Never throws.
 */
export function storedType(text: string, ends: Ends): string {
  try {
    if (text.startsWith("<")) return documentType(text, ends) ?? "text/plain";
    return isEnvelope(text, ends) ? cpimType : "text/plain";
  } catch (error) {
    if (error instanceof CpimError || error instanceof XmlError || error instanceof BodyError) return "text/plain";
    throw error;
  }
}

/**
 * RFC 3862 section 4: From and To once each, and a Content-Type that we know. Errors: CpimError, XmlError, BodyError.
 */
function isEnvelope(text: string, { peer, own }: Ends): boolean {
  const envelope = parseCpim(Buffer.from(text));
  if (!envelope.isWhole) return false;
  for (const [name, address] of [
    ["From", peer],
    ["To", own],
  ] as const) {
    const named = envelope.headers.filter((h) => h.namespace === "" && h.name === name);
    if (named.length !== 1 || addressOfUri(cpimUri(cpimHeader(envelope, name) ?? "") ?? "") !== address) return false;
  }
  const { value, params } = parseParameters(envelope.contentType);
  const type = value.toLowerCase();
  checkCharset(type, params);
  if (type === "text/plain") return true;
  return (
    (type === imdnType || type === isComposingType) &&
    documentType(Buffer.from(envelope.content).toString(), { peer, own }) === type
  );
}

/** Error: XmlError. */
function documentType(text: string, { peer }: Ends): string | undefined {
  const root = parseXml(text, { length: 16_384, depth: 8, elements: 100 });
  if (root.text.trim() !== "") return undefined;
  if (root.name === "imdn" && root.namespace === imdnNamespace) {
    parseImdn(text);
    // RFC 5438 section 7.1.2: the recipient of what was said, who is the sender of what becomes of it.
    const recipient = child(root, "recipient-uri", imdnNamespace)?.text.trim();
    return recipient !== undefined && addressOfUri(recipient) === peer ? imdnType : undefined;
  }
  if (root.name === "isComposing" && root.namespace === composingNamespace && composingOnly(root)) {
    parseIsComposing(text);
    return isComposingType;
  }
  return undefined;
}

function composingOnly(root: XmlElement): boolean {
  const state = child(root, "state", composingNamespace)?.text.trim();
  return (
    (state === "active" || state === "idle") &&
    root.children.every((c) => c.namespace === composingNamespace && composingParts.includes(c.name))
  );
}
