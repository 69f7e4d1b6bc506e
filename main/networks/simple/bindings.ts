import type { LocalContact } from "./local-contact.ts";
import { parseNameAddress, type SipResponse } from "./message.ts";
import { parseSipUri } from "./uri.ts";

/** What the list of bindings in the response to a REGISTER says about this device (RFC 3261 section 10.3). */
export interface OwnBindings {
  /** Seconds that our own binding was granted; undefined: the list does not say. */
  readonly expires: number | undefined;
  /** URIs that earlier connections of this device left behind. */
  readonly stale: readonly string[];
}

/**
 * Our own binding goes by its URI, or by the user part of it, which nobody else has: registrars and session border
 * controllers that know of NATs write other hosts and ports into it. Where even the user part was rewritten, ours cannot
 * be told from what this device left behind, so nothing counts as left behind.
 */
export function ownBindings(
  response: SipResponse,
  contact: Pick<LocalContact, "user" | "uri">,
  { deviceId, former }: { readonly deviceId: string; readonly former: readonly string[] },
): OwnBindings {
  const bindings = response.headers.list("contact").map(parseNameAddress);
  const gone = new Set(former.map(core));
  const ofDevice = bindings.filter((b) => gone.has(core(b.uri)) || b.params.get("+sip.instance")?.toLowerCase().includes(deviceId.toLowerCase()));
  const exact = bindings.filter((b) => core(b.uri) === core(contact.uri));
  const named = exact.length > 0 ? exact : bindings.filter((b) => parseSipUri(b.uri)?.user === contact.user);
  const own = named[0] ?? (ofDevice.length === 1 ? ofDevice[0] : undefined);
  const expires = Number(own?.params.get("expires") || Number.NaN);
  return {
    expires: Number.isFinite(expires) && expires > 0 ? expires : undefined,
    stale: named.length === 0 ? [] : ofDevice.filter((b) => !named.includes(b)).map((b) => b.uri),
  };
}

/** User, host and port; servers may add parameters. */
function core(uri: string): string {
  return uri.replace(/[;?].*$/su, "").toLowerCase();
}
