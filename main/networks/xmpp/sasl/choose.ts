import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { ChannelBinding, Transport } from "../transport.ts";
import { childIn } from "../xml/element.ts";
import type { Mechanism } from "./mechanism.ts";
import { createScram, prepare } from "./scram.ts";

export const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
/** All that can be chosen. */
const known = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"] as const;

export interface ChoiceOptions {
  readonly username: string;
  readonly password: string;
  readonly mutual: boolean;
  readonly may: (mechanism: string) => boolean;
}

const nsBinding = "urn:xmpp:sasl-cb:0";

/**
 * The best mechanism that both sides have: SCRAM with channel binding, SCRAM, and last PLAIN, which only ever runs
 * inside TLS since there is no other transport. `mutual`: the server has proved itself by SCRAM before, so that a
 * sudden offer of nothing but PLAIN is refused. `may`: which the organization lets us use.
 * Errors: `no-common-authentication`, `server-not-authentic`, `blocked-by-policy` where all that both sides have is forbidden.
 */
export function chooseMechanism(features: Element, transport: Transport, options: ChoiceOptions): Mechanism {
  const { username, password, mutual, may } = options;
  const all = (childIn(features, nsSasl)?.getChildren("mechanism", nsSasl) ?? []).map((m) => m.getText());
  const offered = new Set(all.filter((name) => may(name)));
  if (offered.size < all.length && !known.some((name) => offered.has(name)) && known.some((name) => all.includes(name)))
    throw new HallwayError("blocked-by-policy", { setting: "AuthMethods" });
  // RFC 5802 section 6 is about what the server offered, whether or not we may take it.
  const serverOffersPlus = all.includes("SCRAM-SHA-256-PLUS") || all.includes("SCRAM-SHA-1-PLUS");
  const binding = serverOffersPlus ? findBinding(features, transport) : undefined;
  for (const hash of ["sha256", "sha1"] as const) {
    const name = `SCRAM-SHA-${hash === "sha1" ? "1" : "256"}`;
    if (binding && offered.has(`${name}-PLUS`)) return createScram({ hash, username, password, binding, serverOffersPlus });
  }
  for (const hash of ["sha256", "sha1"] as const) {
    if (offered.has(`SCRAM-SHA-${hash === "sha1" ? "1" : "256"}`)) return createScram({ hash, username, password, binding: undefined, serverOffersPlus });
  }
  if (!offered.has("PLAIN")) throw new HallwayError("no-common-authentication");
  if (mutual) throw new HallwayError("server-not-authentic");
  return createPlain(username, password);
}

/** XEP-0440 where the server says which it can; else by TLS version (RFC 9266 section 3, RFC 5929). */
function findBinding(features: Element, transport: Transport): { type: ChannelBinding; data: Buffer } | undefined {
  const listed = childIn(features, nsBinding);
  const types = listed?.getChildren("channel-binding", nsBinding).map((c) => c.attrs["type"]);
  for (const type of ["tls-exporter", "tls-unique"] as const) {
    if (types && !types.includes(type)) continue;
    const data = transport.channelBinding(type);
    if (data && data.length > 0) return { type, data };
  }
  return undefined;
}

/** RFC 4616. */
function createPlain(username: string, password: string): Mechanism {
  return {
    name: "PLAIN",
    initial: () => `\0${prepare(username)}\0${prepare(password)}`,
    respond: () => Promise.reject(new HallwayError("protocol-error")),
    succeed: () => undefined,
  };
}
