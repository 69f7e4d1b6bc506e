import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { toErrorInfo } from "../../../shared/errors.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import { createTestCertificate, type TestCertificate } from "./testing/certificate.ts";
import { openTestClient, type TestClient } from "./testing/client.ts";
import { type ScriptedServer, type ScriptOptions, startScriptedServer } from "./testing/scripted-server.ts";

let certificate: TestCertificate;
let cleanups: (() => unknown)[] = [];
beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
afterEach(async () => {
  const all = cleanups.reverse();
  cleanups = [];
  for (const clean of all) await clean();
});

const bob = "bob@example.test";
const available: OwnPresence = { availability: "available" };
const nsItems = "http://jabber.org/protocol/disco#items";
const nsStreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";
const announcing = (bytes: string) =>
  `<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>${bytes}</max-bytes></limits>`;
const text = (id: string, body = id) => ({ id, to: bob, body, at: Date.now(), wantReceipts: false });
const connect = ({ connection }: TestClient, presence = available) =>
  connection.connect(presence, new AbortController().signal);
const codeOf = (work: Promise<unknown> | undefined) =>
  (work ?? Promise.reject(new Error("cannot"))).then(
    () => "sent",
    (error: unknown) => toErrorInfo(error).code,
  );

async function signedIn(
  options: ScriptOptions = {},
  presence = available,
): Promise<{ readonly script: ScriptedServer; readonly client: TestClient }> {
  const script = await startScriptedServer({ certificate, ...options });
  cleanups.push(() => script.stop());
  const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem });
  cleanups.push(() => client.connection.close());
  await connect(client, presence);
  return { script, client };
}

/** Everything own that may be long, and how. */
const sending: readonly (readonly [string, (client: TestClient, long: string) => Promise<unknown> | undefined])[] = [
  ["a message", ({ connection }, long) => connection.messages.send(text("m", long))],
  [
    "a correction",
    ({ connection }, long) =>
      connection.messages.correct?.({ id: "c", to: bob, targetId: "t", body: long, at: Date.now() }),
  ],
  [
    "a retraction",
    ({ connection }, long) =>
      connection.messages.retract?.({ id: "r", to: bob, targetId: "t", at: Date.now(), fallback: long }),
  ],
  ["a status", ({ connection }, long) => connection.presence.set({ ...available, status: long })],
  ["a contact's name", ({ connection }, long) => connection.contacts.add(bob, long, [])],
  ["a contact's group", ({ connection }, long) => connection.contacts.update(bob, "Bob", [long])],
];

describe("what is too long for the server fails alone, at once, with its reason", () => {
  it.each(sending)("%s", async (_, send) => {
    const { script, client } = await signedIn();
    const long = "&".repeat(60_000);
    expect(await codeOf(send(client, long))).toBe("too-large");
    await client.connection.messages.send(text("next"));
    await client.until("delivery", ({ id, state }) => id === "next" && state === "sent");
    expect(script.client.elements.some((e) => e.toString().length > 100_000)).toBe(false);
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });

  it.each([
    ["after signing in", { features: announcing("20000"), saslFeatures: announcing("10000") }, 20_000],
    ["before signing in", { saslFeatures: announcing("20000") }, 20_000],
    ["as more than usual", { features: announcing("400000") }, 400_000],
    ["as nonsense", { features: announcing("much") }, 262_144],
  ])("by what the server announces %s (XEP-0478), in bytes on the wire", async (_, options, bytes) => {
    const { script, client } = await signedIn(options);
    await client.connection.messages.send(text("m", ""));
    const frame = Buffer.byteLength((await script.client.until((e) => e.name === "message")).toString());
    // The longest that fits is sent, and a byte more is not, be it written with two bytes a letter or with five.
    for (const [letter, width] of [
      ["é", 2],
      ["&", 5],
    ] as const) {
      const room = bytes - frame - "</body>".length;
      const most = letter.repeat(Math.floor(room / width) - 2);
      expect(await codeOf(client.connection.messages.send(text("m", most)))).toBe("sent");
      expect(await codeOf(client.connection.messages.send(text("m", letter.repeat(Math.ceil(room / width) + 2))))).toBe(
        "too-large",
      );
    }
  });

  it("and signing in with a status that is too long leaves the status out", async () => {
    const { script, client } = await signedIn({}, { availability: "away", status: "&".repeat(60_000) });
    const said = await script.client.until((e) => e.name === "presence");
    expect([said.getChildText("show"), said.getChild("status")]).toEqual(["away", undefined]);
    expect(client.events).toContainEqual({ type: "refused", what: "an own status that is too long for the server" });
  });
});

describe("a server that ends the stream at an item, without a limit announced", () => {
  const refusing = (condition: string, management = true): ScriptOptions => ({
    management,
    respond: (e, client) => {
      if (!e.getChildText("body")?.startsWith("bad")) return undefined;
      client.write(`<stream:error><${condition} xmlns='${nsStreamErrors}'/></stream:error></stream:stream>`);
      setImmediate(() => client.destroy());
      return "";
    },
  });

  /**
   * Sends as main/accounts does: one after the other, and after a loss again what waits. Answers how many streams were
   * lost.
   */
  async function insist(client: TestClient, messages: readonly ReturnType<typeof text>[]): Promise<number> {
    const isDecided = (id: string) =>
      client.events.some((e) => e.type === "delivery" && e.id === id && e.state !== "waiting");
    for (let losses = 0; losses < 10; losses += 1) {
      const before = client.events.length;
      const isLost = () => client.events.slice(before).some((e) => e.type === "connection-lost");
      for (const message of messages)
        if (!isLost() && !isDecided(message.id)) await client.connection.messages.send(message).catch(() => undefined);
      await expect.poll(() => isLost() || messages.every(({ id }) => isDecided(id))).toBe(true);
      if (!isLost()) return losses;
      await connect(client);
    }
    return 10;
  }
  const states = ({ events }: TestClient, id: string) =>
    events.flatMap((e) => (e.type === "delivery" && e.id === id ? [e.error?.code ?? e.state] : []));

  it.each(["policy-violation", "undefined-condition", "not-well-formed"])(
    "(%s) loses it the second time, and nothing beside it",
    async (condition) => {
      const { client } = await signedIn(refusing(condition));
      const bad = text("bad", `bad${"x".repeat(50_000)}`);
      expect(await insist(client, [text("one"), bad, text("two"), text("three")])).toBeLessThan(3);
      expect(states(client, "bad").at(-1)).toBe("too-large");
      for (const id of ["one", "two", "three"]) expect(states(client, id).at(-1)).toBe("sent");
    },
  );

  it("loses it without stream management, too", async () => {
    const { client } = await signedIn(refusing("policy-violation", false));
    expect(await insist(client, [text("one"), text("bad"), text("two")])).toBeLessThan(3);
    expect(states(client, "bad").at(-1)).toBe("too-large");
    expect(states(client, "two").at(-1)).toBe("sent");
  });

  function dropping(options: ScriptOptions = {}): ScriptOptions {
    let taken = 0;
    return {
      ...options,
      respond: (e, client) => {
        if (e.name === "resume") return `<resumed xmlns='urn:xmpp:sm:3' previd='previous' h='${taken}'/>`;
        if (!e.getChildText("body")?.startsWith("bad")) return undefined;
        if (client.count > 0) taken = client.count - 1;
        client.destroy();
        return "";
      },
    };
  }

  it.each([
    ["with stream management", {}],
    ["without", { management: false }],
  ])(
    "(without a word, %s) loses it the third time, where it is longer than every server has to take",
    async (_, options) => {
      const { client } = await signedIn(dropping(options));
      expect(await insist(client, [text("one"), text("bad", `bad${"x".repeat(50_000)}`), text("two")])).toBeLessThan(4);
      expect(states(client, "bad").at(-1)).toBe("too-large");
      for (const id of ["one", "two"]) expect(states(client, id).at(-1)).toBe("sent");
    },
  );

  it("(once with a word, then without) loses it the second time, and sending never waits for ever", async () => {
    let refusals = 0;
    const { respond: refuse } = refusing("policy-violation");
    const { respond: drop } = dropping();
    const respond: ScriptOptions["respond"] = (e, client) => {
      const isBad = e.getChildText("body")?.startsWith("bad") === true;
      if (isBad) refusals += 1;
      return (isBad && refusals === 1 ? refuse : drop)?.(e, client);
    };
    const { client } = await signedIn({ respond });
    const bad = text("bad", `bad${"x".repeat(50_000)}`);
    expect(await insist(client, [text("one"), bad, text("two")])).toBeLessThan(3);
    expect(states(client, "bad").at(-1)).toBe("too-large");
    for (const id of ["one", "two"]) expect(states(client, id).at(-1)).toBe("sent");
  });

  it("(without a word) keeps what every server has to take, however often", async () => {
    const { client } = await signedIn(dropping());
    expect(await insist(client, [text("bad", `bad${"x".repeat(5_000)}`)])).toBe(10);
    expect(states(client, "bad")).not.toContain("too-large");
  });

  it("is not sent as much again, of whatever kind", async () => {
    const { client } = await signedIn(refusing("policy-violation"));
    await insist(client, [text("bad", `bad${"x".repeat(50_000)}`)]);
    for (const [what, send] of sending)
      expect([what, await codeOf(send(client, "x".repeat(50_100)))]).toEqual([what, "too-large"]);
    expect(await codeOf(client.connection.messages.send(text("fits", "y".repeat(40_000))))).toBe("sent");
  });

  it("for a reason of its own keeps everything waiting, however often", async () => {
    const { script, client } = await signedIn();
    for (let round = 0; round < 4; round += 1) {
      const before = client.events.length;
      script.client.write(`<stream:error><system-shutdown xmlns='${nsStreamErrors}'/></stream:error>`);
      await client.connection.messages.send(text("m")).catch(() => undefined);
      await expect.poll(() => client.events.slice(before).some((e) => e.type === "connection-lost")).toBe(true);
      await connect(client);
    }
    expect(states(client, "m")).not.toContain("too-large");
  });
});

describe("requests of strangers", () => {
  const request = (id: string) =>
    `<iq type='get' id='${id}' from='stranger@evil.test/r' to='alice@example.test/desk'><query xmlns='jabber:iq:last'/></iq>`;

  it("by thousands leave room for own messages, and the server is asked to acknowledge the answers", async () => {
    const { script, client } = await signedIn();
    await script.client.until((e) => e.getChild("query", nsItems) !== undefined);
    for (let i = 0; i < 5_200; i += 400) {
      script.client.write(Array.from({ length: 400 }, (_, n) => request(`f${i + n}`)).join(""));
      await script.client.until((e) => e.name === "iq" && e.attrs["id"] === `f${i + 399}`);
    }
    expect(await codeOf(client.connection.messages.send(text("m")))).toBe("sent");
    await client.until("delivery", ({ id, state }) => id === "m" && state === "sent");
    expect(script.client.elements.filter((e) => e.name === "r").length).toBeGreaterThan(5);
  });

  it("are left unanswered beyond 1,000 while the server acknowledges nothing, and own messages still go", async () => {
    const { script, client } = await signedIn({ respond: (e) => (e.name === "r" ? "" : undefined) });
    for (let i = 0; i < 6_000; i += 1) script.client.write(request(`f${i}`));
    script.client.write("<message from='bob@example.test'><body>next</body></message>");
    await client.until("message");
    expect(await codeOf(client.connection.messages.send(text("m")))).toBe("sent");
    await script.client.until((e) => e.name === "message" && e.attrs["id"] === "m");
    const answers = script.client.elements.filter((e) => e.attrs["type"] === "error").length;
    expect(answers).toBeGreaterThan(500);
    expect(answers).toBeLessThanOrEqual(1_000);
    // What the person asks for goes through as well.
    expect(await codeOf(client.connection.presence.set({ availability: "busy" }))).toBe("sent");
    expect(await codeOf(client.connection.contacts.add(bob, "Bob", []))).toBe("sent");
  });

  it("cannot be addressed to a device by what was known of it in an earlier run", async () => {
    const asked = async () => {
      const { script } = await signedIn();
      return (await script.client.until((e) => e.getChild("bind") !== undefined))
        .getChild("bind")
        ?.getChildText("resource");
    };
    const [first, second] = [await asked(), await asked()];
    expect(first).toMatch(/^Hallway\.[0-9a-f]{16}$/);
    expect(second).not.toBe(first);
  });
});
