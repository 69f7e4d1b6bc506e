import { HallwayError } from "../../../shared/errors.ts";
import type { Log } from "../network.ts";
import { type Answered, type Challenge, chooseChallenges, DigestAnswer, methodOf } from "./digest.ts";
import type { SipResponse } from "./message.ts";

/** Who we are, and where. */
export interface AuthenticationOptions {
  /** Own domain, A-labels. */
  readonly domain: string;
  /** User name for digest. */
  readonly user: string;
  readonly password: string;
  /** In which ways (methodOf) we may answer. */
  readonly may: (method: string) => boolean;
  readonly log: Log;
}

/**
 * Digest over the requests of a connection: answers challenges, and answers those that it knows before they are asked.
 * Source: RFC 3261 section 22, RFC 8760.
 */
export class Authentication {
  readonly #options: AuthenticationOptions;
  /** Answers that worked last, for registering and for all else. Keys: `status realm`. */
  readonly #answers = { register: new Map<string, DigestAnswer>(), other: new Map<string, DigestAnswer>() };
  /** Realm -> what our own registrar asked with; see #trusted. */
  readonly #realms = new Map<string, Challenge>();

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** How our own server was answered (methodOf); undefined: it has not asked. */
  get method(): string | undefined {
    const [answer] = this.#answers.register.values();
    return answer && methodOf(answer.challenge);
  }

  /** Header lines for a request. */
  headers(request: Answered): readonly string[] {
    return [...this.#answersFor(request.method)].map(
      ([key, answer]) => `${key.startsWith("407") ? "Proxy-Authorization" : "Authorization"}: ${answer.header(request)}`,
    );
  }

  /**
   * Prepares answers to what a 401 or 407 asks; false when asking again makes no sense. `answered`: what was answered for this request before.
   * Errors: `no-common-authentication`, `blocked-by-policy`.
   */
  learn(method: string, response: SipResponse, answered: Set<string>): boolean {
    const challenges = chooseChallenges(response.headers.all(response.status === 407 ? "proxy-authenticate" : "www-authenticate"), this.#options.may);
    if (challenges.length === 0) throw new HallwayError("no-common-authentication");
    const answers = this.#answersFor(method);
    let fresh = false;
    for (const challenge of challenges.filter((c) => this.#trusted(method, c))) {
      const key = `${response.status} ${challenge.realm}`;
      if (answered.has(key) && !challenge.stale) {
        answers.delete(key);
        continue;
      }
      answered.add(key);
      answers.set(key, new DigestAnswer(challenge, this.#options.user, this.#options.password));
      fresh = true;
    }
    return fresh;
  }

  #answersFor(method: string): Map<string, DigestAnswer> {
    return method === "REGISTER" ? this.#answers.register : this.#answers.other;
  }

  /**
   * A 401 or 407 to a MESSAGE may come from whoever received it, who then could guess our password from the answer at
   * leisure. So beside REGISTER, which only our own server sees, answers go to realms known from it, and never with a weaker hash.
   */
  #trusted(method: string, challenge: Challenge): boolean {
    const { domain, log } = this.#options;
    const known = this.#realms.get(challenge.realm);
    if (method === "REGISTER") {
      this.#realms.set(challenge.realm, challenge);
      return true;
    }
    const weaker = known !== undefined && known.algorithm.name !== "MD5" && challenge.algorithm.name === "MD5";
    if (!weaker && (known !== undefined || challenge.realm.toLowerCase() === domain.toLowerCase())) return true;
    log.warn("SIP challenge of an unknown realm left unanswered", { method });
    return false;
  }
}
