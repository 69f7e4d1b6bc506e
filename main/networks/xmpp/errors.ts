import type { Element } from "@xmpp/xml";
import { type ErrorCode, HallwayError } from "../../../shared/errors.ts";
import { elementsOf } from "./xml/element.ts";

/** Translation of what the protocol calls wrong into our own codes; nothing of the wire's own words passes. */

export const nsStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";
export const nsStreams = "http://etherx.jabber.org/streams";
export const nsStreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";

/**
 * A table that knows what it was given and nothing else: an object would answer for `constructor`, which anybody may
 * send as a condition.
 */
function codes(table: Readonly<Record<string, ErrorCode>>): ReadonlyMap<string, ErrorCode> {
  return new Map(Object.entries(table));
}

/** RFC 6120 section 8.3.3, as seen by whoever sent a message or a request. */
const stanzaCodes = codes({
  "bad-request": "protocol-error",
  conflict: "already-exists",
  "feature-not-implemented": "unsupported",
  forbidden: "not-allowed",
  gone: "recipient-unknown",
  "internal-server-error": "server-error",
  "item-not-found": "recipient-unknown",
  "jid-malformed": "recipient-unknown",
  "not-acceptable": "rejected-by-recipient",
  "not-allowed": "not-allowed",
  "not-authorized": "not-allowed",
  "policy-violation": "rejected-by-recipient",
  "recipient-unavailable": "recipient-unreachable",
  redirect: "recipient-unknown",
  "registration-required": "not-allowed",
  "remote-server-not-found": "recipient-unknown",
  "remote-server-timeout": "recipient-unreachable",
  "resource-constraint": "rate-limited",
  "service-unavailable": "recipient-unreachable",
  "subscription-required": "not-allowed",
  "undefined-condition": "server-error",
  "unexpected-request": "protocol-error",
});

/** The code for a stanza of type `error`. */
export function stanzaErrorCode(stanza: Element): ErrorCode {
  return stanzaCodes.get(stanzaCondition(stanza) ?? "") ?? "server-error";
}

/** The defined condition of a stanza of type `error` (RFC 6120 section 8.3.2). */
export function stanzaCondition(stanza: Element): string | undefined {
  const error = stanza.getChild("error");
  if (!error) return undefined;
  for (const child of error.children)
    if (typeof child !== "string" && child.name !== "text" && child.getNS() === nsStanzas) return child.name;
  return undefined;
}

/** RFC 6120 section 4.9.3. */
const streamCodes = codes({
  "bad-format": "protocol-error",
  "bad-namespace-prefix": "protocol-error",
  conflict: "replaced-by-other-session",
  "connection-timeout": "timed-out",
  "host-gone": "unknown-host",
  "host-unknown": "unknown-host",
  "improper-addressing": "protocol-error",
  "invalid-from": "protocol-error",
  "invalid-namespace": "protocol-error",
  "invalid-xml": "protocol-error",
  "not-authorized": "not-allowed",
  "not-well-formed": "protocol-error",
  "policy-violation": "not-allowed",
  "remote-connection-failed": "server-error",
  "resource-constraint": "rate-limited",
  reset: "connection-lost",
  "restricted-xml": "protocol-error",
  "see-other-host": "server-error",
  "system-shutdown": "connection-lost",
});

/** Conditions under which a server refuses what it was sent, and not its sender or the time of day. */
const refusals: ReadonlySet<string> = new Set([
  "bad-format",
  "bad-namespace-prefix",
  "improper-addressing",
  "invalid-from",
  "invalid-namespace",
  "invalid-xml",
  "not-well-formed",
  "policy-violation",
  "restricted-xml",
  "undefined-condition",
  "unsupported-encoding",
  "unsupported-feature",
  "unsupported-stanza-type",
]);

/** RFC 6120 section 4.9.2: the defined condition, which its text may stand before. */
function streamCondition(error: Element): Element | undefined {
  return elementsOf(error).find(({ name }) => name !== "text");
}

/** Does this `<stream:error/>` say that the server will not have what it was sent? */
export function isRefusal(element: Element): boolean {
  return refusals.has(streamCondition(element)?.name ?? "");
}

/**
 * The server sends us to another of its own (RFC 6120 section 4.9.3.19, RFC 7395 section 3.6.1). To whoever does not
 * follow, it is a server error.
 */
export class SeeOther extends HallwayError {
  /** `host`, `host:port`, or a WebSocket's address. */
  readonly target: string;

  constructor(target: string) {
    super("server-error", undefined, new Error("stream error see-other-host"));
    this.target = target;
  }
}

/** Where an error, or what caused it, sends us. */
export function seeOtherOf(error: unknown): string | undefined {
  if (error instanceof SeeOther) return error.target;
  return error instanceof HallwayError && error.cause instanceof SeeOther ? error.cause.target : undefined;
}

/** The error for `<stream:error/>`. */
export function streamError(element: Element): HallwayError {
  const child = streamCondition(element);
  const condition = child?.name ?? "";
  const target = condition === "see-other-host" ? (child?.getText().trim() ?? "") : "";
  if (target !== "") return new SeeOther(target);
  return new HallwayError(
    streamCodes.get(condition) ?? "server-error",
    undefined,
    new Error(`stream error ${condition.slice(0, 40)}`),
  );
}

/** RFC 6120 section 6.5. */
const saslCodes = codes({
  "account-disabled": "account-disabled",
  "credentials-expired": "password-expired",
  "encryption-required": "tls-required",
  "incorrect-encoding": "protocol-error",
  "invalid-authzid": "sign-in-refused",
  "invalid-mechanism": "no-common-authentication",
  "malformed-request": "protocol-error",
  "mechanism-too-weak": "no-common-authentication",
  "not-authorized": "wrong-password",
  "temporary-auth-failure": "server-error",
});

/** The error for a SASL `<failure/>`: `wrong-password` only where the server says so (RFC 6120 section 6.5.10). */
export function saslError(failure: Element): HallwayError {
  const child = failure.children.find((c) => typeof c !== "string" && c.name !== "text");
  const condition = child === undefined || typeof child === "string" ? "" : child.name;
  return new HallwayError(
    saslCodes.get(condition) ?? "sign-in-refused",
    undefined,
    new Error(`SASL ${condition.slice(0, 40)}`),
  );
}

/** Codes after which another endpoint is no use: the server answered, and would answer the same elsewhere. */
const final: ReadonlySet<ErrorCode> = new Set([
  "wrong-password",
  "password-needed",
  "password-expired",
  "sign-in-refused",
  "account-disabled",
  "no-common-authentication",
  "server-not-authentic",
  "replaced-by-other-session",
  "cancelled",
  "invalid-address",
]);
export function isFinal(error: HallwayError): boolean {
  return final.has(error.code);
}
