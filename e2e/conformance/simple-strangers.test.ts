import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness, TestAccount } from "../../main/networks/conformance/harness.ts";
import type { Reach } from "../../main/networks/network.ts";
import { SipFramer } from "../../main/networks/simple/transports/framer.ts";
import { domainOf } from "../../shared/model/address.ts";
import { type Proxy, startProxy } from "../servers/proxy.ts";
import { type RawRequest, RawSip } from "./simple-raw.ts";
import { debian, startRegistrar } from "./simple-registrars.ts";
import { startSimpleServers } from "./simple-servers.ts";

interface Stage {
  readonly harness: Harness;
  stop(): Promise<void>;
}

/** Kamailio set up by the project, which demands that From is who signs in, and Debian's, which passes SUBSCRIBE on. */
const kamailios: readonly (readonly [string, () => Promise<Stage>])[] = [
  ["Kamailio", () => startSimpleServers()],
  ["Debian's Kamailio", () => startRegistrar(debian())],
];

const outside: Reach = (address) =>
  address.endsWith("@outside.example")
    ? { code: "blocked-by-policy", params: { setting: "AllowedDomains" } }
    : undefined;

/** Milliseconds after which a server is taken to say nothing to what it cannot read. */
const unanswered = 1_000;

/** Heads of the SIP messages in what was written. */
function heads(written: string): readonly string[] {
  const frames = [...new SipFramer().feed(Buffer.from(written, "latin1"))];
  return frames.flatMap((frame) => (frame.type === "message" ? [Buffer.from(frame.head).toString("latin1")] : []));
}

describe.each(kamailios)("a stranger past a real %s", (name, start) => {
  let stage: Stage;
  let port = 0;
  let tap: Proxy;
  /** All that our clients wrote, one UTF-16 unit for each byte. */
  let written = "";
  const clients: TestClient[] = [];
  const strangers: RawSip[] = [];

  beforeAll(async () => {
    stage = await start();
    port = stage.harness.cleartext?.port ?? 0;
    tap = await startProxy(port, "127.0.0.1", (bytes, to) => {
      if (to === "server") written += bytes.toString("latin1");
    });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
    for (const stranger of strangers.splice(0)) stranger.close();
  });
  afterAll(async () => {
    await tap.close();
    await stage.stop();
  });

  /** A client of ours whose bytes are noted. */
  const signedIn = async (reach?: Reach): Promise<TestClient> => {
    const { harness } = stage;
    const way = { host: "127.0.0.1", port: tap.port, transport: "tcp" } as const;
    const over = { allowCleartext: () => true, ...(reach && { reach }) };
    const client = openClient(harness, await harness.newAccount(), way, undefined, over);
    clients.push(client);
    await client.signIn();
    return client;
  };
  const stranger = async (account?: TestAccount): Promise<RawSip> => {
    const raw = await RawSip.connect(port, account ?? (await stage.harness.newAccount()));
    strangers.push(raw);
    return raw;
  };
  const message = (to: string, lines: readonly string[], body: string | Buffer = "x"): RawRequest => ({
    method: "MESSAGE",
    uri: `sip:${to}`,
    lines: [`To: <sip:${to}>`, ...lines, "Content-Type: text/plain"],
    body,
  });
  /** Everything that came before it is here once this is. */
  const nextArrives = async (alice: TestClient): Promise<void> => {
    const honest = await stranger();
    const { address } = honest.account;
    expect((await honest.ask(message(alice.address, [`From: <sip:${address}>;tag=1`], "next"))).status).toBe(200);
    await alice.message(({ peer, body }) => peer === address && body === "next");
  };
  /** Sends it as a stranger. To some of it servers answer nothing, which is not waited for. */
  const send = async (request: (from: string) => RawRequest): Promise<void> => {
    const raw = await stranger();
    const answered = raw.ask(request(raw.account.address)).catch(() => undefined);
    await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, unanswered))]);
  };
  const refused = (alice: TestClient): number => alice.events.filter(({ type }) => type === "refused").length;
  const isNowhere = async (alice: TestClient, ceo: string, before: number): Promise<void> => {
    await nextArrives(alice);
    expect(alice.messages().filter(({ peer }) => peer === ceo)).toEqual([]);
    // It came as far as us.
    expect(refused(alice)).toBeGreaterThan(0);
    for (const head of heads(written.slice(before))) expect(head.replaceAll("\r\n", "")).not.toMatch(/[\r\n\0]/);
  };

  it.each([
    ["LF", "\n"],
    ["CR", "\r"],
    ["NUL", "\0"],
  ])("with a bare %s in the head is no colleague, and nothing of it is echoed", async (_, control) => {
    const alice = await signedIn();
    const { address: ceo } = await stage.harness.newAccount();
    const before = written.length;
    // Kamailio takes LF for the end of a line, and refuses a second From itself.
    const inFrom: readonly ((from: string) => readonly string[])[] = [
      (from) => [`Subject: x${control}From: <sip:${from}>;tag=1`, `From: <sip:${ceo}>;tag=2`],
      (from) => [`From: "x${control}From: <sip:${ceo}>;tag=2${control}X: " <sip:${from}>;tag=1`],
      (from) => [`From: x${control}f: <sip:${ceo}>${control} <sip:${from}>;tag=1`],
      (from) => [`From: <sip:${from}${control}From: <sip:${ceo}>;tag=1`],
      (from) => [`From: <sip:${from}>;tag=1`, `Subject: x${control}From: <sip:${ceo}>;tag=2`],
    ];
    const elsewhere = (from: string): readonly string[] => [
      `From: <sip:${from}>;tag=1`,
      `Subject: x${control}P-Asserted-Identity: <sip:${ceo}>`,
    ];
    for (const lines of [...(control === "\n" ? [] : inFrom), elsewhere])
      await send((from) => message(alice.address, lines(from), "wire 50k"));
    await isNowhere(alice, ceo, before);
  });

  it("who ends the head for the server alone is no colleague", async () => {
    const alice = await signedIn();
    const { address: ceo } = await stage.harness.newAccount();
    const before = written.length;
    // What the server takes for the body would be the rest of the head for whoever ends lines at CR LF alone.
    const body = `\r\nFrom: <sip:${ceo}>;tag=2\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nwire 50k`;
    await send((from) => ({
      method: "MESSAGE",
      uri: `sip:${alice.address}`,
      lines: [
        `To: <sip:${alice.address}>`,
        `Subject: x\nFrom: <sip:${from}>;tag=1\nContent-Type: text/plain\nContent-Length: ${body.length}\n\n${body}`,
      ],
      isWhole: true,
    }));
    await isNowhere(alice, ceo, before);
  });

  it("whose address is almost a colleague's is somebody else", async () => {
    const alice = await signedIn();
    const { address: ceo } = await stage.harness.newAccount();
    const abroad = "ceo@partner.test";
    const almost = [
      `${ceo}.`,
      `${abroad}.`,
      // NFKC would make a plain letter of each.
      "%EF%BD%83eo@partner.test",
      "%E2%93%92eo@partner.test",
      Buffer.from("ceo@\uff50artner.test").toString("latin1"),
    ];
    for (const address of [...almost, abroad])
      await send(() => message(alice.address, [`From: <sip:${address}>;tag=1`], "wire 50k"));
    await nextArrives(alice);
    const shown = alice.messages().filter(({ body }) => body === "wire 50k");
    // The project's server takes nothing from other domains; Debian's takes it from anybody.
    const isOpen = name.startsWith("Debian");
    expect(shown.filter(({ peer }) => peer === ceo)).toEqual([]);
    expect(shown.filter(({ peer }) => peer === abroad)).toHaveLength(isOpen ? 1 : 0);
  });

  it.each([
    [401, "WWW", ""],
    [401, "WWW", ', qop="auth"'],
    [407, "Proxy", ""],
  ])("who answers %i (%s%s) gets no digest over a nonce of their own", async (status, kind, qop) => {
    const alice = await signedIn();
    const bob = await stranger();
    await bob.register();
    const realm = domainOf(alice.address);
    bob.answer = () => ({
      status,
      lines: [`${kind}-Authenticate: Digest realm="${realm}", nonce="of-the-stranger"${qop}`],
    });
    const id = await alice.say(bob.account.address, "hello");
    await alice.event("delivery", (event) => event.id === id && event.state === "failed");
    await alice.connection.contacts.add(bob.account.address, undefined, []);
    // Where there is no presence server, SUBSCRIBE goes to them, too.
    if (name.startsWith("Debian"))
      await expect.poll(() => bob.requests.map(({ method }) => method)).toContain("SUBSCRIBE");
    await nextArrives(alice);
    expect(bob.requests.map(({ method }) => method)).toContain("MESSAGE");
    expect(written).not.toContain("of-the-stranger");
  });

  it("who sends on a message does not get it past AllowedDomains, and elsewhere it goes on", async () => {
    const bob = await stranger();
    await bob.register();
    bob.answer = () => ({ status: 302, lines: ["Contact: <sip:drop@outside.example>"] });
    const goesOn = /MESSAGE sip:drop@outside\.example SIP/;
    const ruled = await signedIn(outside);
    const kept = await ruled.say(bob.account.address, "internal");
    const { error } = await ruled.event("delivery", (event) => event.id === kept && event.state === "failed");
    expect(error).toMatchObject({ code: "blocked-by-policy", params: { setting: "AllowedDomains" } });
    expect(written).not.toMatch(goesOn);
    const free = await signedIn();
    await free.say(bob.account.address, "for anybody");
    await expect.poll(() => written).toMatch(goesOn);
  });
});
