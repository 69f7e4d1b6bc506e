import type { Element } from "@xmpp/xml";
import type { ChannelBinding, Transport } from "../stream/transport.ts";
import { childIn } from "../xml/element.ts";

const nsBinding = "urn:xmpp:sasl-cb:0";
/** Best first (XEP-0440 section 4 prefers tls-exporter to tls-server-end-point). */
const types = ["tls-exporter", "tls-unique", "tls-server-end-point"] as const;

/** Keying material of this connection, and why the server should have the same. */
export interface Binding {
  readonly type: ChannelBinding;
  readonly data: Buffer;
  /**
   * `listed`: the server says that it has this type. `implied`: it lists none, and TLS 1.2 has one type that everybody
   * means (RFC 5802 section 6). `guessed`: it lists none over TLS 1.3, where servers differ. `unlisted`: it lists
   * others only.
   */
  readonly reason: "listed" | "implied" | "guessed" | "unlisted";
}

/** The types of channel binding that the server lists (XEP-0440); undefined: it has no list. */
export function listedBindings(features: Element): readonly string[] | undefined {
  return childIn(features, nsBinding)
    ?.getChildren("channel-binding", nsBinding)
    .map((c) => c.attrs["type"] ?? "");
}

/**
 * The type of binding to use. A list that names nothing of ours is no reason to go without: whoever sits in between could have
 * written it, and servers must have tls-server-end-point (XEP-0440 sections 3 and 4, XEP-0474 section 5.1).
 */
export function findBinding(features: Element, transport: Transport): Binding | undefined {
  const listed = listedBindings(features);
  const make = (type: ChannelBinding, reason: Binding["reason"]): Binding | undefined => {
    const data = transport.channelBinding(type);
    return data && data.length > 0 ? { type, data, reason } : undefined;
  };
  const first = (found: readonly (Binding | undefined)[]): Binding | undefined =>
    found.find((binding) => binding !== undefined);
  if (listed)
    return (
      first(types.filter((type) => listed.includes(type)).map((type) => make(type, "listed"))) ??
      first(types.map((type) => make(type, "unlisted")))
    );
  return make("tls-unique", "implied") ?? make("tls-exporter", "guessed");
}
