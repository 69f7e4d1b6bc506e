import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import saslprep from "saslprep";
import { HallwayError } from "../../../../shared/errors.ts";
import type { ChannelBinding } from "../stream/transport.ts";
import type { Mechanism } from "./mechanism.ts";
import { type ScramHash, scramName } from "./strength.ts";

/** A server may not make us work for nothing (RFC 5802 section 5.1: at least 4096), nor for ever. */
const minIterations = 4096;
const maxIterations = 5_000_000;
const derive = promisify(pbkdf2);
const digestBytes: Readonly<Record<ScramHash, number>> = { sha1: 20, sha256: 32, sha512: 64 };

export interface ScramOptions {
  readonly hash: ScramHash;
  readonly username: string;
  readonly password: string;
  /** The binding in use (-PLUS). */
  readonly binding: { readonly type: ChannelBinding; readonly data: Buffer } | undefined;
  /** The server offered some -PLUS mechanism: then "we could but you do not" would be a lie (RFC 5802 section 6). */
  readonly serverOffersPlus: boolean;
  /** Offers of the server, in clear sight of whoever sits in between; their hash may come back signed (XEP-0474). */
  readonly offered?: { readonly mechanisms: readonly string[]; readonly bindings: readonly string[] | undefined };
  /** Tests fix the nonce; else it is made here. */
  readonly nonce?: string;
}

/**
 * SCRAM (RFC 5802, RFC 7677, draft-melnikov-scram-sha-512) with the server's nonce, iteration count and signature
 * checked. Errors: `server-not-authentic` where the server does not prove that it knows the password, `protocol-error`.
 */
export function createScram(options: ScramOptions): Mechanism {
  return new Scram(options);
}

class Scram implements Mechanism {
  readonly name: string;
  readonly #options: ScramOptions;
  readonly #nonce: string;
  readonly #gs2: string;
  readonly #firstBare: string;
  /** Signature of the server, once its challenge has been answered. */
  #expected: Buffer | undefined;
  #verified = false;

  constructor(options: ScramOptions) {
    const { hash, username, binding, serverOffersPlus } = options;
    this.name = scramName(hash, binding !== undefined);
    this.#options = options;
    this.#nonce = options.nonce ?? randomBytes(24).toString("base64").replaceAll(",", "");
    this.#gs2 = binding ? `p=${binding.type},,` : serverOffersPlus ? "n,," : "y,,";
    // RFC 5802 section 5.1: "," and "=" in names are written =2C and =3D.
    const name = prepare(username).replaceAll("=", "=3D").replaceAll(",", "=2C");
    this.#firstBare = `n=${name},r=${this.#nonce}`;
  }

  initial(): string {
    return this.#gs2 + this.#firstBare;
  }

  async respond(challenge: string): Promise<string> {
    if (this.#expected) {
      // Some servers send the final message as a challenge before an empty success.
      this.#verify(challenge);
      return "";
    }
    const { hash, password, binding } = this.#options;
    const given = attributes(challenge);
    // RFC 5802 section 5.1: an unsupported mandatory extension MUST cause authentication to fail.
    if (given.has("m")) throw new HallwayError("protocol-error");
    checkOffer(this.#options, given.get("h"));
    const full = given.get("r") ?? "";
    if (!full.startsWith(this.#nonce) || full.length <= this.#nonce.length || full.length > 1024)
      throw new HallwayError("server-not-authentic");
    const salt = Buffer.from(given.get("s") ?? "", "base64");
    const iterations = /^[1-9][0-9]{0,8}$/.test(given.get("i") ?? "") ? Number(given.get("i")) : 0;
    if (salt.length === 0 || iterations < minIterations || iterations > maxIterations)
      throw new HallwayError("server-not-authentic");
    const salted = await derive(prepare(password), salt, iterations, digestBytes[hash], hash);
    const clientKey = this.#mac(salted, "Client Key");
    const bound = Buffer.concat([Buffer.from(this.#gs2), binding?.data ?? Buffer.alloc(0)]).toString("base64");
    const withoutProof = `c=${bound},r=${full}`;
    const signed = `${this.#firstBare},${challenge},${withoutProof}`;
    const signature = this.#mac(createHash(hash).update(clientKey).digest(), signed);
    this.#expected = this.#mac(this.#mac(salted, "Server Key"), signed);
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
    return `${withoutProof},p=${proof.toString("base64")}`;
  }

  succeed(data: string): void {
    if (!this.#verified) this.#verify(data);
  }

  #mac(key: Buffer, data: string): Buffer {
    return createHmac(this.#options.hash, key).update(data).digest();
  }

  #verify(final: string): void {
    const signature = attributes(final).get("v");
    const given = Buffer.from(signature ?? "", "base64");
    const expected = this.#expected;
    if (!expected || given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new HallwayError("server-not-authentic");
    this.#verified = true;
  }
}

/**
 * XEP-0474 section 6.2: the hash of what the server offered, which its signature covers, is that of what has come here.
 * Error: `server-not-authentic`. Servers that send none, and those of versions before 0.4 with another attribute, are
 * not checked.
 */
function checkOffer({ offered, hash }: ScramOptions, said: string | undefined): void {
  if (!offered || said === undefined) return;
  const sorted = (list: readonly string[]): string =>
    list.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join("\u001E");
  const text = sorted(offered.mechanisms) + (offered.bindings ? `\u001F${sorted(offered.bindings)}` : "");
  if (createHash(hash).update(text).digest("base64") !== said) throw new HallwayError("server-not-authentic");
}

/** RFC 4013. What it prohibits is used as typed: the server then says no, which is the clearer answer. */
export function prepare(text: string): string {
  try {
    return saslprep(text, { allowUnassigned: true });
  } catch {
    return text;
  }
}

/** `a=...,b=...` by letter; the first of a letter counts. */
function attributes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  if (text.length > 8192) return found;
  for (const part of text.split(","))
    if (part[1] === "=" && part[0] && !found.has(part[0])) found.set(part[0], part.slice(2));
  return found;
}
