import type { Harness } from "../../main/networks/conformance/harness.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import { Paces } from "../../main/networks/simple/paces.ts";

/**
 * SIP without pauses between requests, for cuts: what is lost at a cut does not depend on how fast one comes back, and
 * at a polite pace a hundred times take two minutes.
 */
export function withoutPace(get: () => Harness): () => Harness {
  const atOnce = new Paces({ limit: 1_000, background: 1_000, window: 1 });
  return () => ({ ...get(), createNetwork: (environment) => createSimpleNetwork(environment, atOnce) });
}
