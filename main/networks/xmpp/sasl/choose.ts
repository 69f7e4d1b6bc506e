import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Transport } from "../stream/transport.ts";
import { childIn } from "../xml/element.ts";
import { type Binding, findBinding, listedBindings } from "./channel-binding.ts";
import type { Mechanism } from "./mechanism.ts";
import { createScram, prepare } from "./scram.ts";
import { hashes, isWeaker, mechanismOf, type ScramHash, type Strength, scramName, strengthOf } from "./strength.ts";

export const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";

export interface ChoiceOptions {
  readonly username: string;
  readonly password: string;
  /** The strength that this server has shown before: nothing weaker is used. Undefined: it is new to us. */
  readonly floor: Strength | undefined;
  /** Binding failed a moment ago where it was not certain that the server can. */
  readonly unbound: boolean;
  /** Which mechanisms the organization lets us use. */
  readonly may: (mechanism: string) => boolean;
}

export interface Choice {
  readonly mechanism: Mechanism;
  /** The server may refuse a correct password, since it is not certain that both ends bind to the same. */
  readonly doubtful: boolean;
  /** There is an unbound SCRAM to try when a doubtful one is refused. */
  readonly retry: boolean;
  /** When a doubtful one is refused, what is left to ask the person about: error `weaker-sign-in`. */
  readonly weaker: HallwayError | undefined;
}

/**
 * The best mechanism that both sides have: SCRAM with channel binding, SCRAM, and last PLAIN, which only ever runs
 * inside TLS since there is no other transport. Where binding is a guess, SCRAM without it goes first. Errors:
 * `no-common-authentication`, `weaker-sign-in` where only something below `floor` is offered, `blocked-by-policy` where
 * all that both sides have is forbidden.
 */
export function chooseMechanism(features: Element, transport: Transport, options: ChoiceOptions): Choice {
  const { username, password, floor, may } = options;
  const all = (childIn(features, nsSasl)?.getChildren("mechanism", nsSasl) ?? []).map((m) => m.getText());
  // RFC 5802 section 6 is about what the server offered, whether or not we may take it.
  const serverOffersPlus = hashes.some((hash) => all.includes(scramName(hash, true)));
  const binding = serverOffersPlus && !options.unbound ? findBinding(features, transport) : undefined;
  const common = {
    username,
    password,
    serverOffersPlus,
    offered: { mechanisms: all, bindings: listedBindings(features) },
  };
  const possible = candidates(binding, floor).filter(({ name }) => all.includes(name));
  const allowed = possible.filter(({ name }) => may(name));
  if (allowed.length === 0)
    throw possible.length > 0
      ? new HallwayError("blocked-by-policy", { setting: "AuthMethods" })
      : new HallwayError("no-common-authentication");
  const strongEnough = allowed.filter(({ name }) => !tooWeak(name, floor));
  const [chosen] = strongEnough;
  const weaker = (now: string) =>
    new HallwayError("weaker-sign-in", { before: mechanismOf(floor ?? { hash: -1, bound: false }), now });
  if (!chosen) throw weaker(allowed[0]?.name ?? "");
  const { hash } = chosen;
  if (hash === undefined)
    return { mechanism: createPlain(username, password), doubtful: false, retry: false, weaker: undefined };
  const mechanism = createScram({ ...common, hash, binding: chosen.binding });
  const doubtful =
    chosen.binding !== undefined &&
    chosen.binding.reason !== "listed" &&
    !(chosen.binding.reason === "implied" && floor?.bound);
  // Not where the server has a list: a list that was forged would lead here.
  const retry =
    doubtful &&
    chosen.binding.reason === "implied" &&
    strongEnough.some((other) => other.hash !== undefined && !other.binding);
  const unbound = allowed.find((other) => other.hash !== undefined && !other.binding);
  return {
    mechanism,
    doubtful,
    retry,
    weaker: unbound && tooWeak(unbound.name, floor) ? weaker(unbound.name) : undefined,
  };
}

interface Candidate {
  readonly name: string;
  /** Undefined: PLAIN. */
  readonly hash: ScramHash | undefined;
  readonly binding: Binding | undefined;
}

/**
 * All that can be chosen on this connection, best first. Binding that is a guess goes first only where it has never
 * been done without.
 */
function candidates(binding: Binding | undefined, floor: Strength | undefined): readonly Candidate[] {
  const strongest = [...hashes].reverse();
  const bound = binding ? strongest.map((hash) => ({ name: scramName(hash, true), hash, binding })) : [];
  const unbound = strongest.map((hash) => ({ name: scramName(hash, false), hash, binding: undefined }));
  const plain = { name: "PLAIN", hash: undefined, binding: undefined };
  const later = binding?.reason === "guessed" || (binding?.reason === "unlisted" && floor?.bound === false);
  return later ? [...unbound, ...bound, plain] : [...bound, ...unbound, plain];
}

function tooWeak(mechanism: string, floor: Strength | undefined): boolean {
  const strength = strengthOf(mechanism);
  return floor !== undefined && (!strength || isWeaker(strength, floor));
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
