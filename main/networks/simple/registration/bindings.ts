import { parseNameAddress, type SipResponse } from "../wire/message.ts";
import { parseSipUri } from "../wire/uri.ts";
import type { LocalContact } from "./local-contact.ts";

/** Bindings of this device in the response to a REGISTER (RFC 3261 section 10.3). */
export interface OwnBindings {
  /** URI of our own binding, as the registrar wrote it; undefined: the list does not show which it is. */
  readonly uri: string | undefined;
  /**
   * Seconds that it was granted; where it cannot be told which is ours, the shortest of all. Undefined: the list does
   * not say.
   */
  readonly expires: number | undefined;
  /** URIs that earlier connections of this device left behind. */
  readonly stale: readonly string[];
}

/** Seconds. */
const leastShared = 30;

/**
 * Our own binding goes by the user part of its URI, which no other connection has: registrars and session border
 * controllers that know of NATs write other hosts and ports into it. Where even the user part was rewritten, ours
 * cannot be told from what this device left behind, so nothing counts as left behind; one alone is ours.
 */
export function ownBindings(
  response: SipResponse,
  contact: Pick<LocalContact, "user">,
  { deviceId, former }: { readonly deviceId: string; readonly former: readonly string[] },
): OwnBindings {
  const bindings = response.headers.list("contact").map(parseNameAddress);
  const gone = new Set(former.map(core));
  const ofDevice = bindings.filter(
    (b) => gone.has(core(b.uri)) || b.params.get("+sip.instance")?.toLowerCase().includes(deviceId.toLowerCase()),
  );
  const named = bindings.filter(
    (b) => parseSipUri(b.uri)?.user?.toLowerCase() === contact.user && !gone.has(core(b.uri)),
  );
  const own = named[0] ?? onlyOne(ofDevice) ?? onlyOne(bindings);
  return {
    uri: own?.uri,
    expires: own ? expiresOf(own) : shortest(bindings),
    stale: named.length === 0 ? [] : ofDevice.filter((b) => !named.includes(b)).map((b) => b.uri),
  };
}

type Binding = ReturnType<typeof parseNameAddress>;

function expiresOf({ params }: Binding): number | undefined {
  const expires = Number(params.get("expires") || Number.NaN);
  return Number.isFinite(expires) && expires > 0 ? expires : undefined;
}

/** Another device's may be about to end, which is no reason to hurry. */
function shortest(bindings: readonly Binding[]): number | undefined {
  const all = bindings.map(expiresOf).filter((expires) => expires !== undefined);
  return all.length === 0 ? undefined : Math.max(leastShared, Math.min(...all));
}

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

/** User, host and port; servers may add parameters. */
function core(uri: string): string {
  return uri.replace(/[;?].*$/su, "").toLowerCase();
}
