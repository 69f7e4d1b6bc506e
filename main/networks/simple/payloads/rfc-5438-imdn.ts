import { child, escapeXml, parseXml, XmlError, xmlDeclaration } from "./xml.ts";

export const imdnType = "message/imdn+xml";
/** Namespace of the CPIM headers (RFC 5438 section 6). */
export const imdnCpimNamespace = "urn:ietf:params:imdn";
const namespace = "urn:ietf:params:xml:ns:imdn";

/** Instant message disposition notification (RFC 5438 section 7.2): what became of a message. */
export interface Imdn {
  readonly messageId: string;
  /** DateTime of the original message, as it was written there. */
  readonly dateTime: string | undefined;
  readonly kind: "delivery" | "display" | "processing";
  readonly status: "delivered" | "failed" | "displayed" | "forbidden" | "error" | "processed" | "stored";
}

const kinds = {
  delivery: "delivery-notification",
  display: "display-notification",
  processing: "processing-notification",
} as const;
const statuses: readonly Imdn["status"][] = [
  "delivered",
  "failed",
  "displayed",
  "forbidden",
  "error",
  "processed",
  "stored",
];

/** Longest id taken from the wire, in UTF-16 units. */
const maxId = 512;

/** Reads a notification. Error: XmlError. */
export function parseImdn(text: string): Imdn {
  const root = parseXml(text, { length: 16_384, depth: 8, elements: 100 });
  if (root.name !== "imdn" || root.namespace !== namespace) throw new XmlError("not a disposition notification");
  const messageId = child(root, "message-id", namespace)?.text.trim() ?? "";
  if (messageId === "" || messageId.length > maxId) throw new XmlError("disposition notification without a message id");
  for (const kind of ["delivery", "display", "processing"] as const) {
    const notification = child(root, kinds[kind], namespace);
    const status = notification && child(notification, "status", namespace);
    const word = status?.children.find((c) => c.namespace === namespace)?.name;
    const known = statuses.find((s) => s === word);
    if (known) return { messageId, dateTime: child(root, "datetime", namespace)?.text.trim(), kind, status: known };
  }
  throw new XmlError("disposition notification without a known status");
}

/** Writes a notification. `recipient`: URI of whom the original message was for. */
export function formatImdn(imdn: Imdn, recipient: string): string {
  const dateTime = imdn.dateTime === undefined ? "" : `<datetime>${escapeXml(imdn.dateTime)}</datetime>`;
  const kind = kinds[imdn.kind];
  return `${xmlDeclaration}<imdn xmlns="${namespace}"><message-id>${escapeXml(imdn.messageId)}</message-id>${dateTime}<recipient-uri>${escapeXml(recipient)}</recipient-uri><${kind}><status><${imdn.status}/></status></${kind}></imdn>`;
}
