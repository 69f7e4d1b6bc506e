import type { Harness } from "../../main/networks/conformance/harness.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import { Paces } from "../../main/networks/simple/paces.ts";

/**
 * SIP without pauses between requests, for servers that count none: what tests show there, and what is lost at a cut,
 * does not depend on the polite pace, which takes most of their time. That pace has tests of its own
 * (simple-antiflood.test.ts).
 */
export function withoutPace(get: () => Harness): () => Harness {
  const atOnce = new Paces({ limit: 1_000, background: 1_000, window: 1 });
  return () => ({ ...get(), createNetwork: (environment) => createSimpleNetwork(environment, atOnce) });
}
