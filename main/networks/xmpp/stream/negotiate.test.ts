import { expect, it } from "vitest";
import { parseJid } from "../jid.ts";
import { parseElement } from "../testing/session.ts";
import type { NegotiationOptions, PreviousSession } from "./negotiate.ts";
import { negotiate } from "./negotiate.ts";
import { StreamManagement } from "./stream-management.ts";
import type { Transport, TransportListener } from "./transport.ts";

const features = (inside: string) =>
  `<stream:features xmlns:stream='http://etherx.jabber.org/streams'>${inside}</stream:features>`;
const offered = features(
  "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>",
);
const nsBind = "urn:ietf:params:xml:ns:xmpp-bind";
const manageable = features(`<bind xmlns='${nsBind}'/><sm xmlns='urn:xmpp:sm:3'/>`);
const plain = features(`<bind xmlns='${nsBind}'/>`);
const idOf = (sent: string) => /id="([^"]+)"/.exec(sent)?.[1];
const bound = (sent: string, jid = "alice@example.test/desk") =>
  `<iq type='result' id='${idOf(sent)}'><bind xmlns='${nsBind}'><jid>${jid}</jid></bind></iq>`;
const refused = (sent: string, condition: string) =>
  `<iq type='error' id='${idOf(sent)}'><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;
const success = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const enabled = "<enabled xmlns='urn:xmpp:sm:3' id='s-1' resume='true'/>";
const chat = "<message xmlns='jabber:client' from='bob@example.test/x' type='chat'><body>early</body></message>";

/** Answers of a server: to each opening of the stream, and to each element. */
interface Server {
  readonly header?: string;
  /** Instead of features, at the first opening. */
  readonly first?: string;
  /** After signing in. */
  readonly features?: string;
  /** Behind those, unasked. */
  readonly behind?: string;
  readonly answer?: (sent: string) => readonly string[] | undefined;
}

function usual(sent: string): readonly string[] {
  if (sent.startsWith("<auth")) return [success];
  if (sent.includes(nsBind)) return [bound(sent)];
  if (sent.startsWith("<enable")) return [enabled];
  return [];
}

const ours = {
  bare: "alice@example.test",
  domain: "example.test",
  username: "alice",
  password: "secret",
  resource: "desk",
};
const options: NegotiationOptions = { ...ours, previous: undefined, floor: undefined, unbound: false, may: () => true };

function signIn(
  { header = "from='example.test' version='1.0'", first, features: after = manageable, behind, answer }: Server,
  more: Partial<NegotiationOptions> = {},
) {
  const sent: string[] = [];
  let opened = 0;
  let listener: TransportListener | undefined;
  const say = (text: string) => queueMicrotask(() => listener?.element(parseElement(text)));
  const transport: Transport = {
    endpoint: { host: "example.test", port: 5222, transport: "starttls" },
    security: "TLSv1.3",
    key: undefined,
    revocation: "unchecked" as Transport["revocation"],
    channelBinding: () => undefined,
    listen: (given) => {
      listener = given;
    },
    open: () => {
      opened += 1;
      if (header !== "")
        listener?.opened(parseElement(`<stream:stream xmlns:stream='http://etherx.jabber.org/streams' ${header}/>`));
      say(opened === 1 ? (first ?? offered) : after);
      if (opened > 1 && behind !== undefined) say(behind);
    },
    send: (text) => {
      sent.push(text);
      for (const line of answer?.(text) ?? usual(text)) say(line);
    },
    end: () => undefined,
    destroy: () => undefined,
  };
  return { sent, opened: () => opened, done: negotiate(transport, { ...options, ...more }) };
}

it("signs in, binds and has stanzas counted", async () => {
  const { done, sent } = signIn({});
  const { jid, resumed, management, mechanism } = await done;
  expect([jid.full, resumed, management?.resumeId, mechanism]).toEqual([
    "alice@example.test/desk",
    false,
    "s-1",
    "PLAIN",
  ]);
  expect(sent.map((text) => /^<(\w+)/.exec(text)?.[1])).toEqual(["auth", "iq", "enable"]);
});

it.each([
  ["of another domain", "from='evil.test' version='1.0'", "server-not-authentic"],
  ["of a user of the domain", "from='admin@example.test' version='1.0'", "server-not-authentic"],
  ["of a part of the domain", "from='chat.example.test' version='1.0'", "server-not-authentic"],
  ["of nothing that is an address", "from='@' version='1.0'", "server-not-authentic"],
  ["without a version", "from='example.test'", "protocol-error"],
  ["of a version before 1.0", "from='example.test' version='0.9'", "protocol-error"],
])("says nothing more after a stream header %s", async (_, header, code) => {
  const { done, sent } = signIn({ header });
  await expect(done).rejects.toMatchObject({ code });
  expect(sent).toEqual([]);
});

it.each(["from='example.test' version='1.0'", "from='EXAMPLE.test' version='1.1'", "version='1.0'"])(
  "takes a stream header with %s for its server's",
  async (header) => {
    await expect(signIn({ header }).done).resolves.toMatchObject({ resumed: false });
  },
);

it("does not take features without a header for a stream, nor anything else for features", async () => {
  await expect(signIn({ header: "" }).done).rejects.toMatchObject({ code: "protocol-error" });
  await expect(signIn({ first: chat }).done).rejects.toMatchObject({ code: "protocol-error" });
  await expect(signIn({ first: "<features xmlns='jabber:client'/>" }).done).rejects.toMatchObject({
    code: "protocol-error",
  });
});

it("uses nothing that the server said of the stream before it had signed in", async () => {
  const { done, opened } = signIn({ answer: (sent) => (sent.startsWith("<auth") ? [success, manageable] : undefined) });
  await expect(done).rejects.toMatchObject({ code: "protocol-error" });
  expect(opened()).toBe(1);
});

it("does not go on for ever with a server that challenges", async () => {
  const { done, sent } = signIn({
    answer: (text) =>
      text.startsWith("<auth") ? ["<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>=</challenge>"] : undefined,
  });
  await expect(done).rejects.toMatchObject({ code: "protocol-error" });
  expect(sent).toHaveLength(1);
});

it.each(["<success xmlns='jabber:client'/>", chat, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"])(
  "takes %s for no success",
  async (answer) => {
    const { done, opened } = signIn({ answer: (sent) => (sent.startsWith("<auth") ? [answer] : undefined) });
    await expect(done).rejects.toMatchObject({ code: "protocol-error" });
    expect(opened()).toBe(1);
  },
);

it.each(["bob@example.test/desk", "alice@evil.test/desk", "alice@example.test", "@"])(
  "does not sign in as %s",
  async (jid) => {
    const { done } = signIn({ answer: (sent) => (sent.includes(nsBind) ? [bound(sent, jid)] : undefined) });
    await expect(done).rejects.toMatchObject({ code: "protocol-error" });
  },
);

it("lets the server choose a resource where its own is taken, and only there", async () => {
  const free = signIn({ answer: (sent) => (sent.includes("<resource>") ? [refused(sent, "conflict")] : undefined) });
  await expect(free.done).resolves.toMatchObject({ resumed: false });
  expect(free.sent.filter((text) => text.includes(nsBind))).toHaveLength(2);
  for (const [condition, code] of [
    ["resource-constraint", "rate-limited"],
    ["not-allowed", "account-disabled"],
  ] as const) {
    const barred = signIn({ answer: (sent) => (sent.includes("<resource>") ? [refused(sent, condition)] : undefined) });
    await expect(barred.done).rejects.toMatchObject({ code });
    expect(barred.sent.filter((text) => text.includes(nsBind))).toHaveLength(1);
  }
});

it("takes no other answer for that of its request", async () => {
  const foreign = "<iq xmlns='jabber:client' type='result' id='other' from='mallory@evil.test'/>";
  const { done } = signIn({
    answer: (sent) => (sent.includes(nsBind) ? [foreign, chat, bound(sent)] : undefined),
    features: plain,
  });
  const { jid, early, management } = await done;
  expect(jid.full).toBe("alice@example.test/desk");
  expect(early.map((element) => element.name)).toEqual(["iq", "message"]);
  expect(management).toBeUndefined();
});

it.each([
  ["asks for a session", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", 1],
  ["says that it need not be asked", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>", 0],
  ["knows none", "", 0],
])("has a session begun where the server %s", async (_, session, times) => {
  const { done, sent } = signIn({
    features: features(`<bind xmlns='${nsBind}'/>${session}`),
    answer: (text) => (text.includes("xmpp-session") ? [`<iq type='result' id='${idOf(text)}'/>`] : undefined),
  });
  await done;
  expect(sent.filter((text) => text.includes("xmpp-session"))).toHaveLength(times);
  expect(sent.filter((text) => text.startsWith("<enable"))).toEqual([]);
});

it("does without counting where the server refuses it, and not where it says nonsense", async () => {
  const answering = (answer: string) =>
    signIn({ answer: (sent) => (sent.startsWith("<enable") ? [answer] : undefined) }).done;
  expect((await answering("<failed xmlns='urn:xmpp:sm:3'/>")).management).toBeUndefined();
  await expect(answering("<enabled xmlns='urn:xmpp:sm:2'/>")).rejects.toMatchObject({ code: "protocol-error" });
});

function sessionBefore(): PreviousSession & { times: number } {
  const management = new StreamManagement(parseElement(enabled));
  management.received();
  const jid = parseJid("alice@example.test/desk");
  if (!jid) throw new Error("no JID");
  const previous = { management, jid, times: 0, asked: () => void (previous.times += 1) };
  return previous;
}

it("goes on with the session before, and binds nothing anew", async () => {
  const previous = sessionBefore();
  const { done, sent } = signIn(
    {
      answer: (text) =>
        text.startsWith("<resume") ? ["<resumed xmlns='urn:xmpp:sm:3' previd='s-1' h='4'/>", chat] : undefined,
    },
    { previous },
  );
  const { resumed, previousH, management, waiting } = await done;
  expect([resumed, previousH, previous.times]).toEqual([true, "4", 1]);
  expect(management).toBe(previous.management);
  expect(waiting.map((element) => element.name)).toEqual(["message"]);
  expect(sent.at(-1)).toMatch(/^<resume (?=.*previd="s-1")(?=.*h="1")/);
});

it("begins a new session where the one before is gone, and knows how far that got", async () => {
  const { done } = signIn(
    { answer: (text) => (text.startsWith("<resume") ? ["<failed xmlns='urn:xmpp:sm:3' h='3'/>"] : undefined) },
    { previous: sessionBefore() },
  );
  expect(await done).toMatchObject({ resumed: false, previousH: "3" });
});

it.each([
  "<resumed xmlns='urn:xmpp:sm:3' previd='of-somebody-else' h='0'/>",
  "<resumed xmlns='urn:xmpp:sm:2' previd='s-1' h='0'/>",
  chat,
])("does not go on with %s", async (answer) => {
  const { done } = signIn(
    { answer: (text) => (text.startsWith("<resume") ? [answer] : undefined) },
    { previous: sessionBefore() },
  );
  await expect(done).rejects.toMatchObject({ code: "protocol-error" });
});

it("asks for no session where the server cannot go on with any", async () => {
  const previous = sessionBefore();
  const { done, sent } = signIn({ features: plain }, { previous });
  expect(await done).toMatchObject({ resumed: false, previousH: undefined });
  expect([previous.times, sent.filter((text) => text.startsWith("<resume"))]).toEqual([0, []]);
});
