import { isIP } from "node:net";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { Endpoint, Reach } from "../network.ts";
import { type LocateContext, locate } from "./registration/locate.ts";
import { parseNameAddress, parseParameters, type SipResponse } from "./wire/message.ts";
import { addressOfUri, parseSipUri, type SipUri } from "./wire/uri.ts";

/** Contacts that are looked at in one redirect. */
const maxContacts = 8;
/** Redirects in a row that are followed (RFC 3261 section 8.1.3.4 leaves the bound to us). */
export const maxRedirects = 3;

/** Where a message may go on to. */
export interface MessageTarget {
  /** For the request line. */
  readonly uri: string;
  readonly address: Address;
}

/** Rules for each place to which somebody else would send a message. */
export interface RedirectRules {
  /** Why nothing may be said to that address. */
  readonly reach: Reach;
  /** Why nothing may go to that host, which the URI names beside or instead of a domain. */
  readonly host: (host: string) => ErrorInfo | undefined;
}

/**
 * RFC 3261 sections 21.3.1 to 21.3.3. A 305 names a proxy and a 380 another service, which a message must not be handed
 * to as if they were people.
 */
export function isRedirect(response: SipResponse): boolean {
  return response.status >= 300 && response.status <= 302;
}

/**
 * The next place to try of a redirected message: the best Contact that was not tried and that the rules allow;
 * undefined: there is none. Error: the refusal of the rules where they alone stand in the way.
 */
export function messageTarget(
  response: SipResponse,
  tried: ReadonlySet<string>,
  rules: RedirectRules,
): MessageTarget | undefined {
  let refusal: ErrorInfo | undefined;
  for (const contact of contactsOf(response)) {
    const uri = parseSipUri(contact);
    const address = addressOfUri(contact);
    if (!uri?.scheme.startsWith("sip") || address === undefined || uri.user === undefined) continue;
    // `maddr` would take a message for one domain to another.
    if (uri.params.has("maddr") || uri.userinfo?.includes(":")) continue;
    const target = requestUri(uri);
    if (tried.has(target)) continue;
    const why = rules.reach(address) ?? (namesHost(uri) ? rules.host(uri.host) : undefined);
    if (!why) return { uri: target, address };
    refusal ??= why;
  }
  if (refusal) throw new HallwayError(refusal.code, refusal.params);
  return undefined;
}

/** The registrar sends us to another server. Beyond the sign-in it counts as an error of the server. */
export class RegistrarRedirect extends HallwayError {
  readonly contacts: readonly string[];

  constructor(response: SipResponse) {
    super("server-error");
    this.contacts = contactsOf(response);
  }
}

/**
 * The servers that a redirect of REGISTER from `from` names (RFC 3261 section 8.1.3.4), best first. TLS is never left
 * for clear text, whoever says so; and clear text is followed only to where it is allowed. Errors: `tls-required` where
 * nothing else was named; those of locate.
 */
export async function redirectedEndpoints(
  contacts: readonly string[],
  from: Endpoint,
  context: LocateContext,
): Promise<readonly Endpoint[]> {
  const endpoints: Endpoint[] = [];
  let cleartext: string | undefined;
  for (const contact of contacts) {
    const uri = parseSipUri(contact);
    if (!uri?.scheme.startsWith("sip") || uri.params.has("maddr")) continue;
    const transport = transportOf(uri, from);
    if (transport === undefined) continue;
    const candidates = await endpointsOf(uri, transport, context);
    for (const endpoint of candidates) {
      if (endpoint.transport !== "tcp" || (from.transport === "tcp" && context.allowCleartext(endpoint.host)))
        endpoints.push(endpoint);
      else cleartext ??= endpoint.host;
    }
  }
  if (endpoints.length === 0 && cleartext !== undefined) throw new HallwayError("tls-required", { host: cleartext });
  return endpoints;
}

/** RFC 3263 section 4: a port or a number is the server itself; a name alone is a domain, whose servers DNS knows. */
async function endpointsOf(
  uri: SipUri,
  transport: Endpoint["transport"],
  context: LocateContext,
): Promise<readonly Endpoint[]> {
  const port = uri.port ?? (transport === "tcp" ? 5060 : transport === "tls" ? 5061 : 443);
  const itself: Endpoint = { host: uri.host, port, transport };
  if (uri.port !== undefined || isIP(uri.host.replace(/^\[|\]$/g, "")) || uri.params.has("transport")) return [itself];
  const found = await locate(`any@${uri.host}`, {}, context);
  return found.length > 0 ? found : [itself];
}

function transportOf(uri: SipUri, from: Endpoint): Endpoint["transport"] | undefined {
  const named = uri.params.get("transport")?.toLowerCase();
  if (uri.scheme === "sips") return named === "ws" || named === "wss" ? "websocket" : "tls";
  if (named === undefined) return from.transport;
  return named === "tls" || named === "tcp" ? named : named === "ws" || named === "wss" ? "websocket" : undefined;
}

/** URIs of the Contacts, by preference (RFC 3261 section 20.10: `q`, 1 where none is given). */
function contactsOf(response: SipResponse): readonly string[] {
  const q = (contact: string): number => Number(parseParameters(contact).params.get("q") ?? 1) || 0;
  return response.headers
    .list("contact")
    .slice(0, maxContacts)
    .sort((a, b) => q(b) - q(a))
    .map((contact) => parseNameAddress(contact).uri);
}

function namesHost(uri: SipUri): boolean {
  return uri.port !== undefined || isIP(uri.host.replace(/^\[|\]$/g, "")) !== 0;
}

/** RFC 3261 section 19.1.1, table 1: a request URI has neither header fields nor a method. */
function requestUri({ scheme, userinfo, host, port, params }: SipUri): string {
  const rest = [...params]
    .filter(([name]) => name !== "method")
    .map(([name, value]) => (value === "" ? `;${name}` : `;${name}=${value}`));
  return `${scheme}:${userinfo}@${host}${port === undefined ? "" : `:${port}`}${rest.join("")}`;
}
