import type { Proof, SignedIn } from "../../network.ts";
import type { Commands } from "../extension.ts";
import type { Reached } from "./sign-in.ts";

/** The report of a sign-in. `made`: what was trusted when the connection was made. */
export function signedIn(
  { transport, result }: Reached,
  made: Pick<Proof, "anchors" | "proxy">,
  commands: Commands,
): SignedIn {
  const archiving = commands.archiving?.();
  const audience = commands.audience?.();
  return {
    ...(audience === undefined ? {} : { audience }),
    ...(archiving === undefined ? {} : { archiving }),
    resumed: result.resumed,
    security: transport.security,
    endpoint: transport.endpoint,
    proof: { method: result.mechanism, key: transport.key, revocation: transport.revocation, ...made },
  };
}
