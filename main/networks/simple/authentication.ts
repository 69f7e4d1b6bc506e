import { HallwayError } from "../../../shared/errors.ts";
import type { Log } from "../network.ts";
import { type Answered, type Challenge, chooseChallenges, DigestAnswer, isWeaker, methodOf } from "./digest.ts";
import type { SipResponse } from "./message.ts";

/** Who we are, and where. */
export interface AuthenticationOptions {
  /** User name for digest. */
  readonly user: string;
  readonly password: string;
  /** In which ways (methodOf) we may answer. */
  readonly may: (method: string) => boolean;
  readonly log: Log;
}

/**
 * Who answers a request. `registrar`: our own server, by REGISTER. `own`: whoever serves our own address of record. `anybody`: the
 * request goes on to other people, whose programs can answer 401 and 407 as well as a server can.
 */
export type Audience = "registrar" | "own" | "anybody";

/**
 * Digest over the requests of a connection: answers challenges, and answers those that it knows before they are asked.
 * Source: RFC 3261 section 22, RFC 8760.
 */
export class Authentication {
  readonly #options: AuthenticationOptions;
  /** Answers that worked last, by who gets them. Keys: `status realm`. */
  readonly #answers: Readonly<Record<Audience, Map<string, DigestAnswer>>> = { registrar: new Map(), own: new Map(), anybody: new Map() };
  /** Realm -> the strongest that our own registrar asked with; see #trusted. */
  readonly #realms = new Map<string, Challenge>();

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** How our own server was answered (methodOf); undefined: it has not asked. */
  get method(): string | undefined {
    const [answer] = this.#answers.registrar.values();
    return answer && methodOf(answer.challenge);
  }

  /** Header lines for a request. */
  headers(request: Answered, audience: Audience): readonly string[] {
    return [...this.#answers[audience]].map(([key, answer]) => `${key.startsWith("407") ? "Proxy-Authorization" : "Authorization"}: ${answer.header(request)}`);
  }

  /**
   * Prepares answers to what a 401 or 407 asks; false when asking again makes no sense. `answered`: what was answered for this request before.
   * Errors: `no-common-authentication`, `blocked-by-policy`.
   */
  learn(audience: Audience, response: SipResponse, answered: Set<string>): boolean {
    // Only a server that serves other people as a user agent would ask so (RFC 3261 section 22.1): whoever receives the request.
    if (response.status === 401 && audience === "anybody") {
      this.#options.log.warn("SIP challenge of a recipient left unanswered");
      return false;
    }
    const challenges = chooseChallenges(response.headers.all(response.status === 407 ? "proxy-authenticate" : "www-authenticate"), this.#options.may);
    if (challenges.length === 0) throw new HallwayError("no-common-authentication");
    const answers = this.#answers[audience];
    let fresh = false;
    for (const challenge of challenges.filter((c) => this.#trusted(audience, c))) {
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

  /**
   * A 407 to a MESSAGE may come from whoever received it, who then could guess our password from the answer at leisure. So
   * beside REGISTER, which only our own server sees, answers go to realms in which it has asked us, and never more weakly than it
   * asked: Kamailio as it is shipped asks without `qop` everywhere, so that not every answer can hold a random number of our own.
   */
  #trusted(audience: Audience, challenge: Challenge): boolean {
    const known = this.#realms.get(challenge.realm);
    if (audience === "registrar") {
      if (!known || isWeaker(known, challenge)) this.#realms.set(challenge.realm, challenge);
      else if (isWeaker(challenge, known)) return this.#leave("SIP challenge weaker than before left unanswered");
      return true;
    }
    if (!known) return this.#leave("SIP challenge of an unknown realm left unanswered");
    if (isWeaker(challenge, known)) return this.#leave("SIP challenge weaker than that of the registrar left unanswered");
    return true;
  }

  #leave(why: string): false {
    this.#options.log.warn(why);
    return false;
  }
}
