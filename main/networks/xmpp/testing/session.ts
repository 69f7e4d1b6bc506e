import type { Element } from "@xmpp/xml";
import type { NetworkEnvironment } from "../../environment.ts";
import type { NetworkEvent } from "../../events.ts";
import type { Extension } from "../extension.ts";
import { extensions } from "../extensions.ts";
import { XmppSession } from "../session.ts";
import { serialize } from "../xml/element.ts";
import { createXmlParser } from "../xml/parser.ts";
import { testEnvironment } from "./client.ts";

/** One element from its text, with the stream as parent, as it would come off the wire. */
export function parseElement(text: string): Element {
  const found: Element[] = [];
  const parser = createXmlParser({
    opened: () => undefined,
    element: (element) => found.push(element),
    ended: () => undefined,
  });
  parser.write(`<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>${text}`);
  const [first] = found;
  if (!first || found.length > 1 || !parser.idle) throw new Error("not one element");
  return first;
}

export interface TestSession {
  readonly session: XmppSession;
  readonly events: NetworkEvent[];
  /** Stanzas that went out during sign-in, as text, oldest first. */
  readonly begun: readonly string[];
  /** Stanzas that have gone out since. */
  readonly sent: string[];
  /** Takes a stanza in. */
  feed(text: string): void;
  /** Answers the newest request whose payload is in that namespace. `reply`: the payload, or a whole error element. */
  answer(xmlns: string, reply: string, from?: string): void;
  /** Everything out and in so far is forgotten. */
  clear(): void;
}

export interface TestSessionOptions {
  readonly extensions?: readonly Extension[];
  readonly environment?: Partial<NetworkEnvironment>;
  /** Features of server and account. */
  readonly offers?: readonly string[];
  /** Items of the contact list, as XML. */
  readonly roster?: string;
  /** Children of the stream features. */
  readonly features?: string;
}

/** A session of alice@example.test/desk that is signed in, with no network: stanzas in, stanzas and events out. */
export async function startTestSession(options: TestSessionOptions = {}): Promise<TestSession> {
  const events: NetworkEvent[] = [];
  const begun: string[] = [];
  const sent: string[] = [];
  const requests: { readonly id: string; readonly to: string | undefined; readonly xmlns: string }[] = [];
  const session = new XmppSession({
    address: "alice@example.test",
    domain: "example.test",
    cacheKey: "roster",
    environment: testEnvironment(options.environment),
    extensions: options.extensions ?? extensions,
    emit: (event) => void events.push(event),
    send: (stanza) => {
      sent.push(serialize(stanza));
      const payload = stanza.children.find((c) => typeof c !== "string");
      if (stanza.name === "iq" && typeof payload === "object")
        requests.push({ id: stanza.attrs["id"] ?? "", to: stanza.attrs["to"], xmlns: payload.getNS() ?? "" });
      return undefined;
    },
  });
  const feed = (text: string) => session.handle(parseElement(text));
  const test: TestSession = {
    session,
    events,
    begun,
    sent,
    feed,
    answer: (xmlns, reply, from) => {
      const request = requests.findLast((r) => r.xmlns === xmlns);
      if (!request) throw new Error(`nothing was asked in ${xmlns}`);
      requests.splice(requests.indexOf(request), 1);
      const sender = from ?? request.to;
      feed(
        `<iq type='${reply.startsWith("<error") ? "error" : "result"}' id='${request.id}'${sender === undefined ? "" : ` from='${sender}'`} to='alice@example.test/desk'>${reply}</iq>`,
      );
    },
    clear: () => {
      events.length = 0;
      sent.length = 0;
    },
  };
  const started = session.start(
    "alice@example.test/desk",
    parseElement(`<stream:features>${options.features ?? ""}</stream:features>`),
    {
      availability: "available",
    },
  );
  // The contact list may first be looked for in the cache.
  while (!requests.some((r) => r.xmlns === "jabber:iq:roster")) await new Promise((resolve) => setImmediate(resolve));
  test.answer("jabber:iq:roster", `<query xmlns='jabber:iq:roster'>${options.roster ?? ""}</query>`);
  const info = (options.offers ?? []).map((f) => `<feature var='${f}'/>`).join("");
  for (let i = 0; i < 2; i += 1)
    test.answer(
      "http://jabber.org/protocol/disco#info",
      `<query xmlns='http://jabber.org/protocol/disco#info'>${info}</query>`,
    );
  await started;
  begun.push(...sent);
  test.clear();
  return test;
}
