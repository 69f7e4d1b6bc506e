import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { Connection } from "../networks/network.ts";
import { wholeConnection } from "./facets.test-helper.ts";
import { govern } from "./governed-connection.test-helper.ts";

const signal = new AbortController().signal;
const away: OwnPresence = { availability: "away", status: "secret" };

type Facet = keyof ReturnType<typeof wholeConnection>;
type Call = (connection: Connection, address: string) => unknown;

const id = "9b0ff3b8-7e5c-4c3b-8e64-4d8f3f0e7d11";

const noBytes: AsyncIterable<Uint8Array> = new Blob([]).stream();

/** Calls of every method that names somebody, and nothing else: they must not reach whom one may not meet. */
const forbidden: Readonly<Record<string, Call>> = {
  "messages.send": ({ messages }, to) => messages.send({ id, to, body: "hi", at: 1, wantReceipts: false }),
  "messages.correct": ({ messages }, to) => messages.correct?.({ id, to, targetId: "m", body: "hi", at: 1 }),
  "messages.retract": ({ messages }, to) => messages.retract?.({ id, to, targetId: "m", fallback: "gone", at: 1 }),
  "messages.sendTyping": ({ messages }, to) => messages.sendTyping?.(to, true),
  "messages.sendReceipt": ({ messages }, to) => messages.sendReceipt?.({ to, messageId: "m", kind: "read" }),
  "contacts.add": ({ contacts }, address) => contacts.add(address, undefined, []),
  "contacts.ask": ({ contacts }, address) => contacts.ask(address),
  "contacts.accept": ({ contacts }, address) => contacts.accept(address),
  "rooms.join": ({ rooms }, room) => rooms?.join(room, "me"),
  "files.send": ({ files }, to) =>
    files?.send({ id, to, name: "a", type: "text/plain", size: 0, bytes: noBytes }, signal),
  "keys.fetch": ({ keys }, owner) => keys?.fetch(owner, "key"),
};
/** Calls that are the person's right with anybody, or name nobody. */
const free: Readonly<Record<string, Call>> = {
  "contacts.update": ({ contacts }, address) => contacts.update(address, undefined, []),
  "contacts.remove": ({ contacts }, address) => contacts.remove(address),
  "contacts.decline": ({ contacts }, address) => contacts.decline(address),
  "presence.set": ({ presence }) => presence.set(away),
  "blocking.block": ({ blocking }, address) => blocking?.block(address),
  "blocking.unblock": ({ blocking }, address) => blocking?.unblock(address),
  "archive.catchUp": ({ archive }) => archive?.catchUp(undefined, async () => undefined, signal),
  "archive.markAt": ({ archive }) => archive?.markAt("a", 1),
  "rooms.leave": ({ rooms }, room) => rooms?.leave(room),
  "keys.publish": ({ keys }) => keys?.publish({ name: "key", bytes: new Uint8Array() }),
  "directory.search": ({ directory }) => directory?.search("a", signal),
};
/** Methods that say something, and so are silent while nothing may be said. */
const speaking = ["messages.send", "messages.correct", "messages.retract", "files.send"];

/** Every method of every facet, as `facet.method`. */
function methods(): string[] {
  return Object.entries(wholeConnection()).flatMap(([facet, content]) =>
    typeof content === "function"
      ? []
      : Object.entries(content).flatMap(([name, value]) => (typeof value === "function" ? [`${facet}.${name}`] : [])),
  );
}

function calls(inner: ReturnType<typeof wholeConnection>, method: string): number {
  const [facet, name] = method.split(".") as [Facet, string];
  return vi.mocked((inner[facet] as unknown as Record<string, () => unknown>)[name] ?? vi.fn()).mock.calls.length;
}

const outside = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/), fc.stringMatching(/^[a-z]{1,12}\.[a-z]{2,6}$/))
  .map(([local, domain]) => `${local}@${domain}`)
  .filter((address) => !address.endsWith("inside.test"));

describe("a governed connection", () => {
  it("has a case in this test for every method of every facet", () => {
    expect(methods().sort()).toEqual([...Object.keys(forbidden), ...Object.keys(free)].sort());
  });

  it("reaches nobody who is forbidden, by no method of any facet", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(forbidden)),
        fc.oneof(outside, fc.constant("bad@inside.test")),
        async (method, address) => {
          const { connection, inner } = govern();
          let refusal: unknown;
          try {
            await forbidden[method]?.(connection, address);
          } catch (error) {
            refusal = error;
          }
          expect(calls(inner, method)).toBe(0);
          // A signal that nobody waits for is dropped in silence; everything else says why it is refused.
          if (method === "messages.sendTyping" || method === "messages.sendReceipt") expect(refusal).toBeUndefined();
          else
            expect(refusal).toMatchObject({
              code: address === "bad@inside.test" ? "contact-blocked" : "blocked-by-policy",
            });
        },
      ),
    );
  });

  it.each([...Object.entries(forbidden), ...Object.entries(free)])(
    "lets %s through to good people",
    async (method, call) => {
      const { connection, inner } = govern();
      await call(connection, "good@inside.test");
      expect(calls(inner, method)).toBe(1);
    },
  );

  it.each(Object.entries(free))("lets %s through for anybody", async (method, call) => {
    const { connection, inner } = govern();
    await call(connection, "any@outside.test");
    expect(calls(inner, method)).toBe(1);
  });

  it.each(speaking)("says nothing by %s while nothing may be said", async (method) => {
    const silence: ErrorInfo = { code: "blocked-by-policy", params: { setting: "E2eeMode" } };
    const { connection, inner } = govern({ silenced: () => silence });
    await expect(forbidden[method]?.(connection, "good@inside.test")).rejects.toMatchObject(silence);
    expect(calls(inner, method)).toBe(0);
  });

  it("hands out nothing of the inner connection itself", () => {
    const { connection, inner } = govern();
    for (const [facet, content] of Object.entries(inner)) {
      const outer = connection[facet as Facet];
      expect(outer, facet).toBeDefined();
      expect(outer, facet).not.toBe(content);
      if (typeof content === "function") continue;
      for (const [name, value] of Object.entries(content)) {
        const given = (outer as unknown as Record<string, unknown>)[name];
        if (typeof value === "function") {
          expect(given, `${facet}.${name}`).toBeTypeOf("function");
          expect(given, `${facet}.${name}`).not.toBe(value);
        } else expect(given, `${facet}.${name}`).toBe(value);
      }
    }
  });

  it("has a facet or an optional method only while the inner connection has it", () => {
    const { connection, inner } = govern();
    const changing: { -readonly [F in keyof Connection]?: Connection[F] } = inner;
    for (const facet of ["blocking", "archive", "rooms", "files", "keys", "directory", "allowWeaker"] as const) {
      expect(connection[facet], facet).toBeDefined();
      delete changing[facet];
      expect(connection[facet], facet).toBeUndefined();
    }
    changing.messages = { send: async () => undefined };
    const { correct, retract, sendTyping, sendReceipt } = connection.messages;
    expect([correct, retract, sendTyping, sendReceipt]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("calls methods of the inner connection on it, which may be an instance of a class", async () => {
    const { connection, inner } = govern();
    const to = "good@inside.test";
    await connection.allowWeaker?.("PLAIN");
    await connection.messages.correct?.({ id, to, targetId: "m", body: "hi", at: 1 });
    await connection.messages.retract?.({ id, to, targetId: "m", at: 1, fallback: "" });
    connection.messages.sendTyping?.(to, true);
    connection.messages.sendReceipt?.({ to, messageId: "m", kind: "read" });
    const { correct, retract, sendTyping, sendReceipt } = inner.messages;
    expect(inner.allowWeaker.mock.contexts).toEqual([inner]);
    for (const method of [correct, retract, sendTyping, sendReceipt])
      expect(method.mock.contexts[0]).toBe(inner.messages);
  });

  it("shows others no more of the person's presence than they may see", async () => {
    const { connection, inner } = govern();
    await connection.connect(away, signal);
    await connection.presence.set(away);
    expect(inner.connect.mock.calls[0]).toEqual([{ availability: "away" }, signal]);
    expect(inner.presence.set.mock.calls[0]).toEqual([{ availability: "away" }]);
  });

  it("finds nobody in a directory who may not be met", async () => {
    const { connection } = govern();
    expect(await connection.directory?.search("a", signal)).toEqual([{ address: "good@inside.test", name: undefined }]);
  });

  it("asks the rules about every address that a server sends a message on to, as they are then", () => {
    let allowed = ["inside.test"];
    let silenced: ErrorInfo | undefined;
    const { reach } = govern({
      talk: (address, own) =>
        allowed.some((domain) => address.endsWith(`@${domain}`))
          ? undefined
          : { code: "blocked-by-policy", params: { setting: "AllowedDomains", own: own ?? "" } },
      silenced: () => silenced,
    });
    const ask = (address: string) => reach()?.(address);
    expect(ask("bob@inside.test")).toBeUndefined();
    expect(ask("bob@outside.test")).toEqual({
      code: "blocked-by-policy",
      params: { setting: "AllowedDomains", own: "inside.test" },
    });
    allowed = ["outside.test"];
    expect([ask("bob@outside.test"), ask("bob@inside.test")?.code]).toEqual([undefined, "blocked-by-policy"]);
    silenced = { code: "blocked-by-policy", params: { setting: "E2eeMode" } };
    expect(ask("bob@outside.test")).toEqual(silenced);
  });

  it("checks, signs out and closes the connection that it governs", async () => {
    const { connection, inner } = govern();
    connection.check();
    await connection.disconnect();
    connection.close();
    for (const method of [inner.check, inner.disconnect, inner.close]) expect(method).toHaveBeenCalledTimes(1);
  });
});
