import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import { noRules } from "../../connection-rules.ts";
import type { RosterItem } from "../../facets/contacts.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { testEnvironment } from "./client.ts";
import { parseElement } from "./session.ts";

export interface TestHost {
  readonly host: ExtensionHost;
  /** Stanzas and requests that went out, in order: a request as its payload. */
  readonly said: string[];
  /** Answers requests in the order in which they come: payload, or condition of the refusal. */
  readonly answers: (string | HallwayError)[];
  /** Whatever the rules are to say; may be changed. */
  rules: Partial<typeof noRules>;
  /** Features of the server; may be changed. */
  offers: readonly string[];
  readonly contacts: Map<Address, RosterItem>;
  /** How often the own presence was to be said once more. */
  again: number;
}

/**
 * The session of alice@example.test as one extension sees it, with nothing behind it. A request without an answer in
 * `answers` is left waiting.
 */
export function testHost(): TestHost {
  const said: string[] = [];
  const contacts = new Map<Address, RosterItem>();
  const test: TestHost = {
    said,
    answers: [],
    rules: {},
    offers: [],
    contacts,
    again: 0,
    host: {
      address: "alice@example.test",
      domain: "example.test",
      get environment() {
        return testEnvironment({ rules: { ...noRules, ...test.rules } });
      },
      send: (stanza: Element) => void said.push(stanza.toString()),
      request: (_type: string, payload: Element) => {
        said.push(payload.toString());
        const answer = test.answers.shift();
        if (answer instanceof HallwayError) return Promise.reject(answer);
        return answer === undefined
          ? new Promise<Element>(() => undefined)
          : Promise.resolve(parseElement(`<iq type='result' id='r'>${answer}</iq>`));
      },
      discovery: { offers: (feature: string) => test.offers.includes(feature) },
      contacts,
      announceAgain: () => void (test.again += 1),
    } as unknown as ExtensionHost,
  };
  return test;
}
