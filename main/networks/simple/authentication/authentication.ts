import { HallwayError } from "../../../../shared/errors.ts";
import type { Log } from "../../log.ts";
import type { SipResponse } from "../wire/message.ts";
import { type Answered, type Challenge, chooseChallenges, DigestAnswer, methodOf, strengthOf } from "./digest.ts";
import { isWeaker, type Strength, strengthName, weakestOf } from "./digest-strength.ts";

/** Account and server to authenticate for. */
export interface AuthenticationOptions {
  /** User name for digest. */
  readonly user: string;
  readonly password: string;
  /** In which ways (methodOf) we may answer. */
  readonly may: (method: string) => boolean;
  /**
   * With how little our own server has been content before, or may be by the person's consent; undefined: it is new to
   * us.
   */
  readonly floor: () => Strength | undefined;
  readonly log: Log;
}

/**
 * Side that answers a request. `registrar`: our own server, by REGISTER. `own`: the server of our own address of
 * record. `anybody`: the request goes on to other people, whose programs can answer 401 and 407 as well as a server
 * can.
 */
export type Audience = "registrar" | "own" | "anybody";

/**
 * Reaction to a challenge. `answer`: send the request again. `ask-registrar`: have our own server ask once more
 * (`heardRegistrar`), then learn from the same challenge again. `leave`: nothing more can be said.
 */
export type Learned = "answer" | "ask-registrar" | "leave";

/** One request on its way through challenges. */
export interface Challenged {
  /** Challenges that were answered for it. Keys: `status realm`. */
  readonly answered: Set<string>;
  /** Nonces of the answers that it carried when it was sent last, by the same keys. */
  readonly carried: Map<string, string>;
}

/**
 * Digest over the requests of a connection: answers challenges, and answers those that it knows before they are asked.
 * Source: RFC 3261 section 22, RFC 8760.
 */
export class Authentication {
  readonly #options: AuthenticationOptions;
  /** Answers that worked last, by who gets them. Keys: `status realm`. */
  readonly #answers: Readonly<Record<Audience, Map<string, DigestAnswer>>> = {
    registrar: new Map(),
    own: new Map(),
    anybody: new Map(),
  };
  /** Realm -> what our own registrar asked with last, and may ask; see #trusted. */
  readonly #realms = new Map<string, Challenge>();

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** How our own server was answered (methodOf); undefined: it has not asked. */
  get method(): string | undefined {
    const [answer] = this.#answers.registrar.values();
    return answer && methodOf(answer.challenge);
  }

  /** The least that our own server was answered with; undefined: it has not asked. */
  get strength(): Strength | undefined {
    return weakestOf([...this.#answers.registrar.values()].map(({ challenge }) => strengthOf(challenge)));
  }

  /** Header lines for a request, which `challenged` notes as carried. */
  headers(request: Answered, audience: Audience, challenged?: Challenged): readonly string[] {
    challenged?.carried.clear();
    return [...this.#answers[audience]].map(([key, answer]) => {
      challenged?.carried.set(key, answer.challenge.nonce);
      return `${key.startsWith("407") ? "Proxy-Authorization" : "Authorization"}: ${answer.header(request)}`;
    });
  }

  /**
   * Prepares answers to what a 401 or 407 asks of the request `challenged`. Errors:
   * `no-common-authentication`, `blocked-by-policy`, and `weaker-sign-in` where our own server asks only for less than
   * before.
   */
  learn(audience: Audience, response: SipResponse, challenged: Challenged): Learned {
    const { answered } = challenged;
    // Only a server that serves other people as a user agent would ask so (RFC 3261 section 22.1): whoever receives the
    // request.
    if (response.status === 401 && audience === "anybody") {
      this.#options.log.warn("SIP challenge of a recipient left unanswered");
      return "leave";
    }
    const challenges = this.#challenges(response);
    if (challenges.length === 0) throw new HallwayError("no-common-authentication");
    const answers = this.#answers[audience];
    let learned: Learned = "leave";
    let weaker: HallwayError | undefined;
    for (const challenge of challenges) {
      if (audience === "registrar") {
        const refusal = this.#weakened(challenge);
        weaker ??= refusal;
        if (refusal) continue;
      } else if (!this.#trusted(challenge)) continue;
      const key = `${response.status} ${challenge.realm}`;
      if (audience === "anybody" && !strengthOf(challenge).hasClientNonce) {
        const next = this.#answerByRegistrar(challenge, key, challenged);
        if (learned === "leave") learned = next;
        continue;
      }
      if (answered.has(key) && !challenge.stale) {
        answers.delete(key);
        continue;
      }
      answered.add(key);
      answers.set(key, new DigestAnswer(challenge, this.#options.user, this.#options.password));
      learned = "answer";
    }
    if (weaker && learned === "leave") throw weaker;
    return learned;
  }

  /** Takes note of what our own server asks in answer to a REGISTER without credentials. */
  heardRegistrar(response: SipResponse): void {
    for (const challenge of this.#challenges(response)) this.#weakened(challenge);
  }

  /**
   * An answer without a random number of our own over a nonce that a recipient chose could be looked up in a table. So
   * it is made over the nonce that our own server asked with when we registered, which a proxy of the same realm takes
   * as its own.
   */
  #answerByRegistrar(challenge: Challenge, key: string, { answered, carried }: Challenged): Learned {
    const answers = this.#answers.anybody;
    const known = this.#realms.get(challenge.realm);
    if (!known) return "leave";
    // Another request at the same time may have had this answer prepared; what counts is what this one carried.
    if (carried.get(key) !== known.nonce) {
      if (answers.get(key)?.challenge.nonce !== known.nonce)
        answers.set(
          key,
          new DigestAnswer({ ...known, algorithm: challenge.algorithm }, this.#options.user, this.#options.password),
        );
      return "answer";
    }
    if (answered.has(key)) {
      answers.delete(key);
      return "leave";
    }
    answered.add(key);
    return "ask-registrar";
  }

  #challenges(response: SipResponse): readonly Challenge[] {
    return chooseChallenges(
      response.headers.all(response.status === 407 ? "proxy-authenticate" : "www-authenticate"),
      this.#options.may,
    );
  }

  /**
   * The refusal of a challenge of our own registrar that asks for less than before, in this or an earlier connection.
   * Else its realm is known from now on.
   */
  #weakened(challenge: Challenge): HallwayError | undefined {
    const known = this.#realms.get(challenge.realm);
    const before = this.#options.floor() ?? (known && strengthOf(known));
    const now = strengthOf(challenge);
    if (before && isWeaker(now, before))
      return new HallwayError("weaker-sign-in", { before: strengthName(before), now: strengthName(now) });
    this.#realms.set(challenge.realm, challenge);
    return undefined;
  }

  /**
   * A 407 to a MESSAGE may come from whoever received it, who then could guess our password from the answer at leisure.
   * So beside REGISTER, which only our own server sees, answers go to realms in which it has asked us, and never more
   * weakly than it asked. Kamailio as it is shipped asks without `qop` everywhere; see #answerByRegistrar.
   */
  #trusted(challenge: Challenge): boolean {
    const known = this.#realms.get(challenge.realm);
    if (!known) return this.#leave("SIP challenge of an unknown realm left unanswered");
    if (isWeaker(strengthOf(challenge), strengthOf(known)))
      return this.#leave("SIP challenge weaker than that of the registrar left unanswered");
    return true;
  }

  #leave(why: string): false {
    this.#options.log.warn(why);
    return false;
  }
}
