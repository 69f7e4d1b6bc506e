import type { Transport } from "../model/account.ts";

/** Networks that policy can name. Templates and documentation list them, so that they are not those of a build alone. */
export const policyProtocols = ["xmpp", "simple"] as const;

/** Transports that an account of each can be given; the networks' descriptions say the same. */
export const policyTransports: Readonly<Record<(typeof policyProtocols)[number], readonly Transport[]>> = {
  xmpp: ["starttls", "direct-tls", "websocket"],
  simple: ["tls", "websocket"],
};
