import { child, escapeXml, parseXml, XmlError, xmlDeclaration } from "./xml.ts";

export const isComposingType = "application/im-iscomposing+xml";
const namespace = "urn:ietf:params:xml:ns:im-iscomposing";

/** Is-composing status (RFC 3994). `refresh`: seconds for which `active` holds. */
export interface IsComposing {
  readonly state: "active" | "idle";
  readonly refresh: number;
}

/**
 * RFC 3994 section 3.4: without a refresh interval 120 s count; 60 s is the least that a sender may name, an hour is
 * plenty.
 */
const defaultRefresh = 120;

/** Reads a status document. Error: XmlError. An unknown state is `idle` (RFC 3994 section 5). */
export function parseIsComposing(text: string): IsComposing {
  const root = parseXml(text, { length: 16_384, depth: 8, elements: 50 });
  if (root.name !== "isComposing" || root.namespace !== namespace) throw new XmlError("not an is-composing document");
  const refresh = Number(child(root, "refresh", namespace)?.text.trim() ?? defaultRefresh);
  return {
    state: child(root, "state", namespace)?.text.trim() === "active" ? "active" : "idle",
    refresh:
      Number.isFinite(refresh) && refresh > 0 ? Math.min(Math.max(Math.round(refresh), 5), 3600) : defaultRefresh,
  };
}

/** Writes a status document. */
export function formatIsComposing(status: IsComposing): string {
  const refresh = status.state === "active" ? `<refresh>${status.refresh}</refresh>` : "";
  return `${xmlDeclaration}<isComposing xmlns="${namespace}"><state>${escapeXml(status.state)}</state><contenttype>text/plain</contenttype>${refresh}</isComposing>`;
}
