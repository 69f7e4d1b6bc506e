import fc from "fast-check";
import { expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { IncomingMessage, MessageChange } from "../../facets/messages.ts";
import { startTestSession, type TestSession } from "../testing/session.ts";
import { receipts } from "./xep-0184-receipts.ts";
import { delayedDelivery } from "./xep-0203-delay.ts";
import { corrections } from "./xep-0308-corrections.ts";
import { messageArchive } from "./xep-0313-archive.ts";

const ns = "urn:xmpp:mam:2";
const start = (offers = [ns]) =>
  startTestSession({
    extensions: [messageArchive, receipts, delayedDelivery, corrections],
    offers,
    environment: { now: () => Date.parse("2026-11-22T12:00:00Z") },
  });
const signal = () => new AbortController().signal;
const result = (queryId: string, id: string, body: string, over: { from?: string; inner?: string } = {}) =>
  `<message from='${over.from ?? "alice@example.test"}' to='alice@example.test/desk'><result xmlns='${ns}' queryid='${queryId}' id='${id}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-11-22T10:00:00Z'/>${over.inner ?? `<message xmlns='jabber:client' from='bob@example.test/x' to='alice@example.test' type='chat' id='w-${id}'><body>${body}</body></message>`}</forwarded></result></message>`;
const fin = (last: string | undefined, complete: boolean) =>
  `<fin xmlns='${ns}' complete='${complete}'><set xmlns='http://jabber.org/protocol/rsm'>${last === undefined ? "" : `<last>${last}</last>`}</set></fin>`;

function queryId(test: TestSession): string {
  const id = /queryid="([^"]+)"/.exec(test.sent.findLast((s) => s.includes(ns)) ?? "")?.[1];
  if (id === undefined) throw new Error("no query");
  return id;
}

it("reads all pages, oldest first, each mark after its page", async () => {
  const test = await start();
  const pages: { bodies: string[]; mark: string }[] = [];
  const done = test.session.facets
    .archive?.()
    ?.catchUp(
      undefined,
      async ({ messages, mark }) => void pages.push({ bodies: messages.map((m) => m.body), mark }),
      signal(),
    );
  expect(test.sent[0]).toContain("<value>2026-10-23T12:00:00.000Z</value>");
  expect(test.sent[0]).toContain("<max>250</max>");
  test.feed(result(queryId(test), "1", "one"));
  test.feed(result(queryId(test), "2", "two"));
  test.answer(ns, fin("2", false));
  while (test.sent.length < 2) await Promise.resolve();
  expect(test.sent[1]).toContain("<after>2</after>");
  test.feed(result(queryId(test), "3", "three"));
  test.answer(ns, fin("3", true));
  await done;
  expect(pages.map((p) => p.bodies)).toEqual([["one", "two"], ["three"]]);
  expect(pages.map((p) => JSON.parse(p.mark).id)).toEqual(["2", "3"]);

  test.clear();
  const again = test.session.facets
    .archive?.()
    ?.catchUp(pages[1]?.mark, () => Promise.reject(new Error("no page is due")), signal());
  expect(test.sent[0]).toContain("<after>3</after>");
  expect(test.sent[0]).not.toContain("start");
  test.answer(ns, fin(undefined, true));
  await again;
});

it("loses nothing of a page that is longer than was asked for, nor a message whose archive id is too long to be kept", async () => {
  const test = await start();
  const bodies: string[] = [];
  const done = test.session.facets
    .archive?.()
    ?.catchUp(undefined, async ({ messages }) => void bodies.push(...messages.map((m) => m.body)), signal());
  test.feed(result(queryId(test), "i".repeat(300), "odd"));
  for (let n = 2; n <= 1200; n += 1) test.feed(result(queryId(test), `${n}`, `said ${n}`));
  test.answer(ns, fin("1200", true));
  while (test.sent.length < 2) await Promise.resolve();
  expect(test.sent[1]).toContain("<after>1000</after>");
  for (let n = 1001; n <= 1200; n += 1) test.feed(result(queryId(test), `${n}`, `said ${n}`));
  test.answer(ns, fin("1200", true));
  await done;
  expect(bodies).toEqual(["odd", ...Array.from({ length: 1199 }, (_, n) => `said ${n + 2}`)]);
});

it("knows direction, time, and receipts that came while away", async () => {
  const test = await start();
  const messages: IncomingMessage[] = [];
  const done = test.session.facets
    .archive?.()
    ?.catchUp(undefined, async (page) => void messages.push(...page.messages), signal());
  test.feed(
    result(queryId(test), "1", "", {
      inner:
        "<message xmlns='jabber:client' from='alice@example.test/phone' to='bob@example.test' id='o'><body>mine</body></message>",
    }),
  );
  test.feed(
    result(queryId(test), "2", "", {
      inner:
        "<message xmlns='jabber:client' from='bob@example.test/x' to='alice@example.test'><received xmlns='urn:xmpp:receipts' id='o'/></message>",
    }),
  );
  test.answer(ns, fin("2", true));
  await done;
  expect(messages).toMatchObject([
    {
      direction: "out",
      peer: "bob@example.test",
      id: "o",
      archiveId: "1",
      at: Date.parse("2026-11-22T10:00:00Z"),
      via: "archive",
      delayed: true,
    },
  ]);
  expect(test.events).toEqual([{ type: "delivery", id: "o", peer: "bob@example.test", state: "delivered" }]);
});

it("counts the archive's own stamp only: what senders stamp inside neither moves a message nor dates a change of one", async () => {
  const test = await start();
  const messages: IncomingMessage[] = [];
  const changes: MessageChange[] = [];
  const done = test.session.facets.archive?.()?.catchUp(
    undefined,
    async (page) => {
      messages.push(...page.messages);
      changes.push(...page.changes);
    },
    signal(),
  );
  const inner = (id: string, children: string) =>
    `<message xmlns='jabber:client' from='bob@example.test/x' to='alice@example.test' type='chat' id='${id}'>${children}</message>`;
  const stamps = ["0001-01-01T00:00:00Z", "2026-06-01T09:00:00Z", "2099-01-01T00:00:00Z"];
  for (const [index, stamp] of stamps.entries()) {
    const forged = `<delay xmlns='urn:xmpp:delay' from='example.test' stamp='${stamp}'/>`;
    test.feed(
      result(queryId(test), `m${index}`, "", { inner: inner(`w${index}`, `<body>I told you</body>${forged}`) }),
    );
    const replace = "<body>no</body><replace xmlns='urn:xmpp:message-correct:0' id='old'/>";
    test.feed(result(queryId(test), `c${index}`, "", { inner: inner(`x${index}`, `${replace}${forged}`) }));
  }
  test.answer(ns, fin("c2", true));
  await done;
  const stamped = Date.parse("2026-11-22T10:00:00Z");
  expect(messages.map(({ at }) => at)).toEqual([stamped, stamped, stamped]);
  expect(changes.map(({ at }) => at)).toEqual([stamped, stamped, stamped]);
});

it("refuses results that were not asked for, or come from elsewhere", async () => {
  const test = await start();
  const messages: IncomingMessage[] = [];
  test.feed(result("guess", "1", "forged"));
  const done = test.session.facets
    .archive?.()
    ?.catchUp(undefined, async (page) => void messages.push(...page.messages), signal());
  test.feed(result(queryId(test), "2", "forged", { from: "mallory@evil.test" }));
  test.feed(
    result(queryId(test), "3", "", {
      inner:
        "<message xmlns='jabber:client' from='bob@example.test' to='carol@example.test'><body>not ours</body></message>",
    }),
  );
  test.answer(ns, fin(undefined, true), "alice@example.test");
  await done;
  expect(messages).toEqual([]);
  expect(test.events.map((e) => e.type)).toEqual(["refused", "refused"]);
});

it("goes by time when the archive has forgotten the mark", async () => {
  const test = await start();
  const done = test.session.facets
    .archive?.()
    ?.catchUp(JSON.stringify({ id: "old", at: Date.parse("2026-11-01T00:00:00Z") }), async () => undefined, signal());
  test.answer(ns, "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
  while (test.sent.length < 2) await Promise.resolve();
  expect(test.sent[1]).toContain("<value>2026-10-31T23:00:00.000Z</value>");
  expect(test.sent[1]).not.toContain("<after>");
  test.answer(ns, fin(undefined, true));
  await done;
});

it("begins right after a message that came live, and says that everything then is later", async () => {
  const test = await start();
  const mark = test.session.facets.archive?.()?.markAt("live-1", Date.parse("2026-11-22T11:00:00Z"));
  const pages: (boolean | undefined)[] = [];
  const done = test.session.facets.archive?.()?.catchUp(mark, async ({ exact }) => void pages.push(exact), signal());
  expect(test.sent[0]).toContain("<after>live-1</after>");
  test.feed(result(queryId(test), "2", "missed"));
  test.answer(ns, fin("2", true));
  await done;
  test.clear();
  // The archive has forgotten it: what comes may be of before.
  const again = test.session.facets.archive?.()?.catchUp(mark, async ({ exact }) => void pages.push(exact), signal());
  test.answer(ns, "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
  while (test.sent.length < 2) await Promise.resolve();
  expect(test.sent[1]).toContain("<value>2026-11-22T10:00:00.000Z</value>");
  test.feed(result(queryId(test), "2", "missed"));
  test.answer(ns, fin("2", true));
  await again;
  expect(pages).toEqual([true, false]);
});

it("stops when told to, and where there is no archive", async () => {
  const test = await start();
  const stop = new AbortController();
  const done = test.session.facets.archive?.()?.catchUp(undefined, async () => undefined, stop.signal);
  stop.abort();
  await expect(done).rejects.toMatchObject({ code: "cancelled" });
  const without = await start([]);
  expect(without.session.facets.archive?.()).toBeUndefined();
  test.session.dispose();
});

it("ends with a code, whatever a server answers", async () => {
  const xmlText = fc.constantFrom(
    "",
    "<fin/>",
    `<fin xmlns='${ns}'/>`,
    fin("", true),
    fin("x", true),
    "<error/>",
    `<fin xmlns='${ns}' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><last/></set></fin>`,
  );
  const noise = fc.array(
    fc.constantFrom(
      "<result/>",
      `<result xmlns='${ns}' queryid='Q'/>`,
      `<result xmlns='${ns}' queryid='Q' id='1'><forwarded xmlns='urn:xmpp:forward:0'/></result>`,
      `<result xmlns='${ns}' queryid='Q' id='2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='/'/></forwarded></result>`,
    ),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(xmlText, noise, async (reply, results) => {
      const test = await start();
      const stop = new AbortController();
      const done = test.session.facets
        .archive?.()
        ?.catchUp(undefined, async () => undefined, stop.signal)
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      for (const text of results)
        test.feed(`<message from='alice@example.test'>${text.replace("Q", queryId(test))}</message>`);
      test.answer(ns, reply);
      for (let i = 0; i < 20; i += 1) await Promise.resolve();
      stop.abort();
      const error = await done;
      expect(error === undefined || error instanceof HallwayError).toBe(true);
      test.session.dispose();
    }),
    { numRuns: 100 },
  );
});
