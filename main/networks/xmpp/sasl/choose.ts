import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { ChannelBinding, Transport } from "../transport.ts";
import { childIn } from "../xml/element.ts";
import type { Mechanism } from "./mechanism.ts";
import { createScram, prepare } from "./scram.ts";

export const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
const nsBinding = "urn:xmpp:sasl-cb:0";

/**
 * The best mechanism that both sides have: SCRAM with channel binding, SCRAM, and last PLAIN, which only ever runs
 * inside TLS since there is no other transport. `mutual`: the server has proved itself by SCRAM before, so that a
 * sudden offer of nothing but PLAIN is refused. Errors: `no-common-authentication`, `server-not-authentic`.
 */
export function chooseMechanism(features: Element, transport: Transport, username: string, password: string, mutual: boolean): Mechanism {
  const offered = new Set((childIn(features, nsSasl)?.getChildren("mechanism", nsSasl) ?? []).map((m) => m.getText()));
  const serverOffersPlus = offered.has("SCRAM-SHA-256-PLUS") || offered.has("SCRAM-SHA-1-PLUS");
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
