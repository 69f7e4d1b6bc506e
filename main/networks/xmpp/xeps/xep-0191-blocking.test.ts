import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { startTestSession, type TestSession } from "../testing/session.ts";
import { blocking } from "./xep-0191-blocking.ts";

const offers = ["urn:xmpp:blocking"];

function item(...jids: readonly string[]): string {
  return jids.map((jid) => `<item jid='${jid}'/>`).join("");
}

/** Signed in at a server that blocks, with the list that it keeps. */
async function start(...jids: readonly string[]): Promise<TestSession> {
  const test = await startTestSession({ extensions: [blocking], offers });
  test.answer("urn:xmpp:blocking", `<blocklist xmlns='urn:xmpp:blocking'>${item(...jids)}</blocklist>`);
  await vi.waitFor(() => expect(test.events.some(({ type }) => type === "block-list")).toBe(true));
  return test;
}

function lists({ events }: TestSession) {
  return events.filter(({ type }) => type === "block-list" || type === "block-changed");
}

describe("XEP-0191", () => {
  it("asks the server to block and to unblock, where it can", async () => {
    const test = await start();
    expect(test.session.facets.blocking?.()?.everyDevice).toBe(true);
    test.clear();
    const done = test.session.facets.blocking?.()?.block("spam@evil.test");
    expect(test.sent[0]).toContain('<block xmlns="urn:xmpp:blocking"><item jid="spam@evil.test"/></block>');
    test.answer("urn:xmpp:blocking", "");
    await done;
    const undone = test.session.facets.blocking?.()?.unblock("spam@evil.test");
    expect(test.sent[1]).toContain('<unblock xmlns="urn:xmpp:blocking"><item jid="spam@evil.test"/></unblock>');
    test.answer("urn:xmpp:blocking", "");
    await undone;
    // Whatever the server does about it, they learn how we are.
    expect(test.sent.at(-1)).toMatch(/^<presence\b(?!.*type=)/);
    const without = await startTestSession({ extensions: [blocking] });
    expect(without.session.facets.blocking?.()).toBeUndefined();
    expect(without.sent).toEqual([]);
  });

  it("takes an entry that the server does not have for unblocked, and no other refusal", async () => {
    const test = await start();
    const refuse = (condition: string): void =>
      test.answer(
        "urn:xmpp:blocking",
        `<error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`,
      );
    const gone = test.session.facets.blocking?.()?.unblock("spam@evil.test");
    refuse("item-not-found");
    await gone;
    const refused = test.session.facets.blocking?.()?.unblock("spam@evil.test");
    refuse("forbidden");
    await expect(refused).rejects.toMatchObject({ code: "not-allowed" });
  });

  it("reads the list in each session: addresses in one spelling, each once, without those that are none and without the own account", async () => {
    const test = await start(
      "Spam@Evil.test",
      "spam@evil.test",
      "evil.test",
      "bob@x.test/Phone",
      "not@@one",
      "",
      "alice@example.test",
      "alice@example.test/desk",
    );
    expect(lists(test)).toEqual([
      { type: "block-list", addresses: ["spam@evil.test", "evil.test", "bob@x.test/Phone"] },
    ]);
    expect(test.events.filter(({ type }) => type === "refused")).not.toEqual([]);
  });

  it("says nothing of a list that cannot be read, or where there is none", async () => {
    const test = await startTestSession({ extensions: [blocking], offers });
    test.answer(
      "urn:xmpp:blocking",
      "<error type='cancel'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    );
    const other = await startTestSession({ extensions: [blocking], offers });
    other.answer("urn:xmpp:blocking", "<query xmlns='urn:xmpp:blocking'/>");
    const lost = await startTestSession({ extensions: [blocking], offers });
    lost.session.end(new HallwayError("connection-lost"));
    await new Promise((resolve) => setImmediate(resolve));
    for (const one of [test, other, lost]) expect(lists(one)).toEqual([]);
    const without = await startTestSession({ extensions: [blocking] });
    expect(without.begun.join("")).not.toContain("blocklist");
  });

  it("follows what other devices change, an empty unblock of all included, and answers", async () => {
    const test = await start("spam@evil.test");
    test.clear();
    const push = (id: string, payload: string, from = ""): void =>
      test.feed(`<iq type='set' id='${id}' ${from} to='alice@example.test/desk'>${payload}</iq>`);
    push("1", `<block xmlns='urn:xmpp:blocking'>${item("x@y.test")}</block>`);
    push("2", `<unblock xmlns='urn:xmpp:blocking'>${item("spam@evil.test")}</unblock>`, "from='alice@example.test'");
    push("3", "<block xmlns='urn:xmpp:blocking'/>");
    push("4", `<unblock xmlns='urn:xmpp:blocking'>${item("not@@one")}</unblock>`);
    push("5", "<unblock xmlns='urn:xmpp:blocking'/>");
    expect(lists(test)).toEqual([
      { type: "block-changed", addresses: ["x@y.test"], isBlocked: true },
      { type: "block-changed", addresses: ["spam@evil.test"], isBlocked: false },
      { type: "block-list", addresses: [] },
    ]);
    expect(test.sent).toHaveLength(5);
    for (const reply of test.sent) expect(reply).toContain('type="result"');
  });

  it("takes no change from anybody else", async () => {
    const test = await start();
    test.clear();
    for (const from of ["mallory@evil.test/x", "alice@evil.test", "conference.example.test"])
      test.feed(`<iq type='set' id='2' from='${from}'><unblock xmlns='urn:xmpp:blocking'/></iq>`);
    expect(lists(test)).toEqual([]);
    for (const reply of test.sent) expect(reply).toContain("service-unavailable");
  });
});
