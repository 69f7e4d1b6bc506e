import { createHash, randomBytes } from "node:crypto";
import { HallwayError } from "../../../../shared/errors.ts";
import { quote, splitList, unquote } from "../wire/message.ts";
import { algorithms, type Hash, type Strength } from "./digest-strength.ts";

/** A challenge of a server (RFC 3261 section 22, RFC 7616, RFC 8760). */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: Algorithm;
  /** `undefined`: the server offers none and takes the older form without it (RFC 2069). */
  readonly qop: "auth" | "auth-int" | undefined;
  readonly stale: boolean;
}

const hashes = { "SHA-512-256": "sha512-256", "SHA-256": "sha256", MD5: "md5" } as const;
type Algorithm = { readonly name: Hash; readonly session: boolean };

/**
 * Reads the values of WWW-Authenticate or Proxy-Authenticate headers and gives the challenge to answer for each realm:
 * the strongest that we know (RFC 8760 section 2.4). What cannot be answered is left out. `may`: in which ways
 * (methodOf) the organization lets us answer. Error: `blocked-by-policy` where all that could be answered is forbidden.
 */
export function chooseChallenges(headers: readonly string[], may: (method: string) => boolean): readonly Challenge[] {
  const best = new Map<string, Challenge>();
  const known = headers.flatMap(parseChallenges);
  const usable = known.filter((challenge) => may(methodOf(challenge)));
  if (usable.length === 0 && known.length > 0) throw new HallwayError("blocked-by-policy", { setting: "AuthMethods" });
  for (const challenge of usable) {
    const known = best.get(challenge.realm);
    if (!known || strengthOf(challenge).hash < strengthOf(known).hash) best.set(challenge.realm, challenge);
  }
  return [...best.values()].slice(0, 8);
}

/** As policy AuthMethods names it. */
export function methodOf(challenge: Challenge): string {
  return `DIGEST-${challenge.algorithm.name}`;
}

/** Strength of an answer to a challenge: how much it tells of the password. */
export function strengthOf({ algorithm, qop }: Challenge): Strength {
  return { hash: algorithms.indexOf(algorithm.name), hasClientNonce: qop !== undefined || algorithm.session };
}

/**
 * Several challenges may stand in one header (RFC 7235 section 4.1): a part that begins with `scheme name=` begins a
 * new one.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const found: { scheme: string; params: Map<string, string> }[] = [];
  for (const part of splitList(header)) {
    const match = /^(?:([A-Za-z][A-Za-z0-9-]*)[ \t]+)?([A-Za-z][A-Za-z0-9_-]*)[ \t]*=[ \t]*(.*)$/su.exec(part);
    if (!match) continue;
    const [, scheme, name = "", value = ""] = match;
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), params: new Map() });
    found.at(-1)?.params.set(name.toLowerCase(), unquote(value.trim()));
  }
  return found.flatMap(({ scheme, params }) => {
    const realm = params.get("realm");
    const nonce = params.get("nonce");
    const algorithm = parseAlgorithm(params.get("algorithm") ?? "MD5");
    const offered = params.get("qop");
    const words = offered?.split(",").map((w) => w.trim().toLowerCase());
    const qop = words?.includes("auth") ? "auth" : words?.includes("auth-int") ? "auth-int" : undefined;
    if (
      scheme !== "digest" ||
      realm === undefined ||
      nonce === undefined ||
      !algorithm ||
      (offered !== undefined && qop === undefined)
    )
      return [];
    return [
      {
        realm,
        nonce,
        opaque: params.get("opaque"),
        algorithm,
        qop,
        stale: params.get("stale")?.toLowerCase() === "true",
      },
    ];
  });
}

function parseAlgorithm(text: string): Algorithm | undefined {
  const session = /-sess$/i.test(text);
  const name = algorithms.find((a) => a === text.toUpperCase().replace(/-SESS$/, ""));
  return name ? { name, session } : undefined;
}

/** Request that an answer belongs to. */
export interface Answered {
  readonly method: string;
  /** Request URI as it stands in the request. */
  readonly uri: string;
  readonly body: string | Uint8Array;
}

/** Answers one challenge, counting how often its nonce was used (`nc`, RFC 7616 section 3.4). */
export class DigestAnswer {
  readonly challenge: Challenge;
  readonly #user: string;
  readonly #secret: string;
  #count = 0;

  constructor(challenge: Challenge, user: string, password: string) {
    this.challenge = challenge;
    this.#user = user;
    this.#secret = hash(challenge, `${user}:${challenge.realm}:${password}`);
  }

  /** The value of an Authorization or Proxy-Authorization header. */
  header({ method, uri, body }: Answered, cnonce: string = randomBytes(16).toString("hex")): string {
    const { challenge } = this;
    const { realm, nonce, opaque, algorithm, qop } = challenge;
    this.#count += 1;
    const nc = this.#count.toString(16).padStart(8, "0");
    const ha1 = algorithm.session ? hash(challenge, `${this.#secret}:${nonce}:${cnonce}`) : this.#secret;
    const ha2 = hash(challenge, qop === "auth-int" ? `${method}:${uri}:${hash(challenge, body)}` : `${method}:${uri}`);
    const response = hash(
      challenge,
      qop === undefined ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`,
    );
    const parts = [
      `username=${quote(this.#user)}`,
      `realm=${quote(realm)}`,
      `nonce=${quote(nonce)}`,
      `uri=${quote(uri)}`,
      `response="${response}"`,
      `algorithm=${algorithm.name}${algorithm.session ? "-sess" : ""}`,
    ];
    if (opaque !== undefined) parts.push(`opaque=${quote(opaque)}`);
    if (qop !== undefined) parts.push(`qop=${qop}`, `nc=${nc}`);
    if (qop !== undefined || algorithm.session) parts.push(`cnonce="${cnonce}"`);
    return `Digest ${parts.join(", ")}`;
  }
}

function hash(challenge: Challenge, data: string | Uint8Array): string {
  return createHash(hashes[challenge.algorithm.name]).update(data).digest("hex");
}
