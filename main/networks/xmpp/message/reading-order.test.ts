import type { Element } from "@xmpp/xml";
import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import type { NetworkEvent } from "../../events.ts";
import type { Extension } from "../extension.ts";
import { everyone } from "../senders.ts";
import { parseElement, startTestSession, type TestSession } from "../testing/session.ts";
import { carbons } from "../xeps/xep-0280-carbons.ts";
import { messageArchive } from "../xeps/xep-0313-archive.ts";

afterEach(() => void vi.useRealTimers());

/** Takes as many turns of the loop for a message as its `turns` say; fails, never ends, or says something itself. */
const slow: Extension = {
  name: "XEP-0000: Slow",
  features: [],
  attach: () => ({
    message: {
      "urn:slow": {
        from: everyone,
        read: (child, draft) => {
          const turns = Number(child.attrs["turns"]);
          if (child.attrs["never"] !== undefined) return new Promise(() => undefined);
          const end = (): void => {
            if (child.attrs["fails"] !== undefined) throw new TypeError("a fault");
            draft.body = `read ${draft.body}`;
          };
          if (turns === 0) return end();
          return (async () => {
            for (let n = 0; n < turns; n += 1) await Promise.resolve();
            end();
          })();
        },
      },
    },
  }),
};

interface Said {
  readonly who: string;
  readonly turns: number;
  readonly fails: boolean;
  readonly via: "live" | "carbon";
}
const said = fc.array(
  fc.record<Said>({
    who: fc.constantFrom("bob", "ann", "carol"),
    turns: fc.integer({ min: 0, max: 5 }),
    fails: fc.boolean(),
    via: fc.constantFrom("live", "carbon"),
  }),
  { maxLength: 25 },
);

const part = (attributes: string): string => `<slow xmlns='urn:slow' ${attributes}/>`;
const text = (who: string, body: string | number, inner: string): string =>
  `<message xmlns='jabber:client' from='${who}@example.test/x' to='alice@example.test' type='chat' id='${body}'><body>${body}</body>${inner}</message>`;
const forwarded = (message: string): string => `<forwarded xmlns='urn:xmpp:forward:0'>${message}</forwarded>`;
const copied = (message: string): string =>
  `<message from='alice@example.test'><received xmlns='urn:xmpp:carbons:2'>${forwarded(message)}</received></message>`;
const bodies = (events: readonly NetworkEvent[], who?: string): readonly string[] =>
  events.flatMap((event) =>
    event.type === "message" && (who === undefined || event.message.peer.startsWith(who)) ? [event.message.body] : [],
  );
const start = (): Promise<TestSession> =>
  startTestSession({
    extensions: [slow, carbons, messageArchive],
    offers: ["urn:xmpp:mam:2"],
    roster: "<item jid='bob@example.test' subscription='both'/>",
  });
const loop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("messages of one conversation come in the order in which they came, live or as copies, however long each takes", async () => {
  const session = await start();
  await fc.assert(
    fc.asyncProperty(said, async (all) => {
      session.clear();
      for (const [index, { who, turns, fails, via }] of all.entries()) {
        const message = text(who, index, part(`turns='${turns}'${fails ? " fails=''" : ""}`));
        session.feed(via === "live" ? message : copied(message));
      }
      await loop();
      for (const who of ["bob", "ann", "carol"]) {
        const expected = all.flatMap((one, index) => (one.who === who && !one.fails ? [`read ${index}`] : []));
        expect(bodies(session.events, who)).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
});

it("a message that takes long holds up its own conversation only", async () => {
  const { feed, events } = await start();
  feed(text("bob", "one", part("never=''")));
  feed(text("bob", "two", ""));
  feed(text("ann", "three", ""));
  await loop();
  expect(bodies(events)).toEqual(["three"]);
});

it("one that is never read costs itself: its sender is told, and the next is read", async () => {
  const { feed, events, sent } = await start();
  vi.useFakeTimers();
  feed(text("bob", "one", part("never=''")));
  feed(text("bob", "two", ""));
  await vi.advanceTimersByTimeAsync(14_999);
  expect(bodies(events)).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(bodies(events)).toEqual(["two"]);
  expect(sent).toEqual([expect.stringMatching(/^<message type="error" id="one".*internal-server-error/)]);
});

it("5,000 wait to be read; one more is not taken for stored, so that the server keeps it", async () => {
  const { session, events } = await start();
  const parse = (message: string): Element => parseElement(message);
  for (let n = 0; n < 5_000; n += 1) session.handle(parse(text(`p${n}`, n, part("never=''"))));
  expect(await session.handle(parse(text("bob", "more", "")))).toBe(false);
  expect(events.filter(({ type }) => type === "message")).toEqual([]);
  expect(events).toContainEqual({ type: "refused", what: "more messages at once than can be read" });
});

it("a page of the archive waits for all of its messages, and has them in its order", async () => {
  const { session, feed, answer, sent } = await start();
  const pages: (readonly string[])[] = [];
  const reading = session.facets
    .archive?.()
    ?.catchUp(
      undefined,
      async ({ messages }) => void pages.push(messages.map(({ body }) => body)),
      new AbortController().signal,
    );
  const queryid = /queryid="([^"]+)"/.exec(sent.join(""))?.[1];
  const results: readonly (readonly [string, string])[] = [
    ["bob", "turns='5'"],
    ["ann", "turns='0'"],
    ["bob", "turns='1' fails=''"],
    ["bob", "turns='0'"],
    ["carol", "turns='3'"],
  ];
  for (const [index, [who, attributes]] of results.entries())
    feed(
      `<message from='alice@example.test'><result xmlns='urn:xmpp:mam:2' queryid='${queryid}' id='${index}'>${forwarded(text(who, index, part(attributes)))}</result></message>`,
    );
  answer("urn:xmpp:mam:2", "<fin xmlns='urn:xmpp:mam:2' complete='true'/>");
  await reading;
  expect(pages).toEqual([["read 0", "read 1", "read 3", "read 4"]]);
});

it("a page of the archive that is too much at once is not taken for read", async () => {
  const { session, feed, answer, sent } = await start();
  for (let n = 0; n < 5_000; n += 1) feed(text(`p${n}`, n, part("never=''")));
  const pages: unknown[] = [];
  const reading = session.facets
    .archive?.()
    ?.catchUp(undefined, async ({ messages }) => void pages.push(messages), new AbortController().signal);
  const queryid = /queryid="([^"]+)"/.exec(sent.join(""))?.[1];
  const result = `<result xmlns='urn:xmpp:mam:2' queryid='${queryid}' id='1'>${forwarded(text("bob", "one", ""))}</result>`;
  feed(`<message from='alice@example.test'>${result}</message>`);
  answer("urn:xmpp:mam:2", "<fin xmlns='urn:xmpp:mam:2' complete='true'/>");
  await expect(reading).rejects.toMatchObject({ code: "rate-limited" });
  expect(pages).toEqual([]);
});
