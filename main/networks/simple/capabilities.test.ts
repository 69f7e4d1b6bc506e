import { afterEach, describe, expect, it } from "vitest";
import { noRules } from "../connection-rules.ts";
import { Announcement, Capabilities } from "./capabilities.ts";
import type { SipFeature } from "./feature.ts";
import { features } from "./features.ts";
import { openClient, type TestClient } from "./testing/client.ts";
import { isRequest } from "./testing/presence.ts";
import { friendly, type ScriptedServer, startScriptedServer } from "./testing/scripted-server.ts";
import type { SipMessage, SipResponse } from "./wire/message.ts";

const answering = { attach: () => ({ answer: () => ({ status: 200 }) }) };
const made: readonly SipFeature[] = [
  {
    name: "one",
    methods: { ONE: { allowed: "always", ...answering } },
    payloads: [{ type: "a/b", read: () => [] }],
    optionTags: ["x"],
  },
  {
    name: "two",
    methods: { TWO: { allowed: "notifier", ...answering } },
    payloads: [{ type: "c/d", read: () => [] }],
    optionTags: ["y"],
  },
  { name: "three", methods: { THREE: { allowed: "never", ...answering } } },
  { name: "four", packages: [{ event: "told", accept: ["e/f"], notifier: answering.attach }] },
  { name: "five", packages: [{ event: "only.read", accept: [] }] },
];
const headersOf = (announcement: Announcement) => ({
  allow: announcement.allow,
  accept: announcement.accept,
  allowEvents: announcement.allowEvents,
  supported: announcement.supported(),
});

const lines = (list: readonly SipFeature[], accepted: boolean): readonly string[] =>
  Object.values(headersOf(new Announcement(new Capabilities(list), { accepted })));

describe("what is announced", () => {
  it("is what the features claim, in their order, and nothing else", () => {
    expect(lines(made, false)).toEqual([
      "Allow: ONE, TWO",
      "Accept: a/b, c/d",
      "Allow-Events: told",
      "Supported: x, y",
    ]);
    expect(lines(made.toReversed(), false)).toEqual([
      "Allow: TWO, ONE",
      "Accept: c/d, a/b",
      "Allow-Events: told",
      "Supported: y, x",
    ]);
    expect(lines([], false)).toEqual(["Allow: ", "Accept: ", "Allow-Events: ", "Supported: "]);
  });

  it("is this of all features that are in use", () => {
    expect(features.map(({ name }) => name).filter((name) => !/^RFC \d{4}: ./.test(name))).toEqual([]);
    expect([...new Capabilities(features).packages.keys()]).toEqual(["presence", "presence.winfo"]);
    expect(lines(features, false)).toEqual([
      "Allow: MESSAGE, NOTIFY, OPTIONS, SUBSCRIBE",
      "Accept: text/plain, message/cpim, message/imdn+xml, application/im-iscomposing+xml",
      "Allow-Events: presence",
      "Supported: path, outbound",
    ]);
  });

  it("leaves out what a server does for us, and a tag that it has refused", () => {
    expect(lines(made, true)[0]).toBe("Allow: ONE");
    expect(new Announcement(new Capabilities(made), { accepted: true }).supported("x")).toBe("Supported: y");
  });

  it.each<readonly [string, SipFeature, string]>([
    ["method", { name: "six", methods: { ONE: { allowed: "never", ...answering } } }, "method ONE"],
    ["event package", { name: "six", packages: [{ event: "told", accept: [] }] }, "event package told"],
    ["content type", { name: "six", payloads: [{ type: "c/d", read: () => [] }] }, "content type c/d"],
    ["option tag", { name: "six", optionTags: ["y"] }, "option tag y"],
  ])("is refused at the start where two features claim the same %s", (_, feature, what) => {
    expect(() => new Capabilities([...made, feature])).toThrow(
      new RegExp(`${what} is claimed by (one|two|four) and by six`),
    );
  });
});

describe("the headers on the wire", () => {
  let server: ScriptedServer;
  let client: TestClient;
  afterEach(async () => {
    client.connection.close();
    await server.close();
  });

  const signIn = async (publishes: boolean): Promise<void> => {
    server = await startScriptedServer((request, times) =>
      request.method === "PUBLISH" && !publishes ? { status: 405 } : friendly(request, times),
    );
    client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" }, new Map(), {
      rules: { ...noRules, hiding: () => false },
    });
    await client.signIn();
    // Whether the server takes our presence is known by then.
    await server.got(isRequest("SUBSCRIBE"));
  };
  const headers = ({ headers }: SipMessage): readonly (string | undefined)[] =>
    ["allow", "accept", "allow-events", "supported"].map((name) => headers.get(name));
  const ask = async (method: string): Promise<SipResponse> => {
    const callId = `ask-${method}`;
    server.request(method, [`Call-ID: ${callId}`]);
    return (await server.got((m) => m.kind === "response" && m.callId === callId)) as SipResponse;
  };

  it.each([true, false])("are those of the features, where the server publishes: %s", async (publishes) => {
    await signIn(publishes);
    const { allow, accept, allowEvents, supported } = headersOf(
      new Announcement(new Capabilities(features), { accepted: publishes }),
    );
    const value = (line: string): string => line.slice(line.indexOf(": ") + 2);
    expect(headers(await ask("OPTIONS"))).toEqual([
      value(allow),
      value(accept),
      publishes ? undefined : value(allowEvents),
      value(supported),
    ]);
    expect(headers(await ask("INVITE")).slice(0, 2)).toEqual([value(allow), value(accept)]);
    expect(headers(await ask("REFER"))[0]).toBe(value(allow));
    expect(headers(await ask("UNHEARD-OF"))[0]).toBe(value(allow));
    expect(headers(await server.got(isRequest("SUBSCRIBE")))[0]).toBe(value(allow));
    expect(headers(await server.got(isRequest("REGISTER")))[3]).toBe(value(supported));
  });
});
