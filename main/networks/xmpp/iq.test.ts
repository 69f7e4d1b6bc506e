import xml, { type Element } from "@xmpp/xml";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { IqRequests } from "./iq.ts";
import { WireElement } from "./xml/element.ts";

const minute = 60_000;

describe("requests", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function layer() {
    const sent: Element[] = [];
    const iq = new IqRequests({
      address: "alice@example.test",
      domain: "example.test",
      send: (stanza) => void sent.push(stanza),
      refuse: () => undefined,
      jid: () => "alice@example.test/desk",
    });
    /** Outcome of a request. */
    const ask = (large: boolean) => {
      const said: string[] = [];
      iq.request("get", xml("query", "jabber:iq:roster"), { large }).then(
        () => said.push("answered"),
        (error: unknown) => said.push(error instanceof HallwayError ? error.code : "?"),
      );
      const reply = xml("iq", { type: "result", id: sent.at(-1)?.attrs["id"] });
      return { said, reply };
    };
    return { iq, ask, sent };
  }

  it("fail when nobody answers for 30 s, and a late answer does nothing", async () => {
    const { iq, ask } = layer();
    const { said, reply } = ask(false);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(said).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(said).toEqual(["timed-out"]);
    iq.settle(reply);
    expect(said).toEqual(["timed-out"]);
  });

  it("wait minutes for a long answer, but not for ever", async () => {
    const { iq, ask } = layer();
    const [list, never] = [ask(true), ask(true)];
    await vi.advanceTimersByTimeAsync(9 * minute);
    iq.settle(list.reply);
    await vi.advanceTimersByTimeAsync(minute);
    expect([list.said, never.said]).toEqual([["answered"], ["timed-out"]]);
  });

  it("wait for their answers behind a long one that is coming in, and no longer", async () => {
    const { iq, ask } = layer();
    const [list, behind, never] = [ask(true), ask(false), ask(false)];
    await vi.advanceTimersByTimeAsync(20_000);
    expect(iq.isLarge(xml("iq", { type: "result", id: behind.reply.attrs["id"] }))).toBe(false);
    expect(iq.isLarge(list.reply)).toBe(true);
    await vi.advanceTimersByTimeAsync(5 * minute);
    iq.settle(list.reply);
    iq.settle(behind.reply);
    await vi.advanceTimersByTimeAsync(0);
    expect([list.said, behind.said, never.said]).toEqual([["answered"], ["answered"], []]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(never.said).toEqual(["timed-out"]);
  });

  it("leave room for others where nothing more of a long answer comes, or it was another's", async () => {
    const { iq, ask } = layer();
    const [list, behind] = [ask(true), ask(false)];
    const start = (attrs: object) => iq.isLarge(xml("iq", { ...list.reply.attrs, ...attrs }));
    expect([
      start({ from: "mallory@evil.test" }),
      start({ type: "error" }),
      start({ id: "unknown" }),
      iq.isLarge(xml("message", list.reply.attrs)),
      iq.isLarge(xml("iq", { type: "result" })),
    ]).toEqual([false, false, false, false, false]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect([list.said, behind.said]).toEqual([[], ["timed-out"]]);
    // The long one itself has its own time, though it has begun to come.
    expect(iq.isLarge(list.reply)).toBe(true);
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(list.said).toEqual(["timed-out"]);
    const next = ask(false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(next.said).toEqual(["timed-out"]);
  });

  it("that cannot be sent leave nothing behind; without a stream they wait for what ends it", async () => {
    let refusal: "too-large" | "rate-limited" | "offline" = "too-large";
    const iq = new IqRequests({
      address: "alice@example.test",
      domain: "example.test",
      send: () => refusal,
      refuse: () => undefined,
      jid: () => "alice@example.test/desk",
    });
    const ask = () => iq.request("get", xml("query", "urn:x"));
    await expect(ask()).rejects.toMatchObject({ code: "too-large" });
    refusal = "rate-limited";
    await expect(ask()).rejects.toMatchObject({ code: "rate-limited" });
    expect(vi.getTimerCount()).toBe(0);
    refusal = "offline";
    const waiting = ask();
    expect(vi.getTimerCount()).toBe(1);
    iq.abort(new HallwayError("offline"));
    await expect(waiting).rejects.toMatchObject({ code: "offline" });
  });

  it.each<[string | undefined, readonly (string | undefined)[], readonly (string | undefined)[]]>([
    [
      undefined,
      [undefined, "alice@example.test", "Alice@Example.test", "alice@example.test/desk", "example.test"],
      ["alice@example.test/phone", "bob@example.test", "example.test/x", "@"],
    ],
    [
      "alice@example.test",
      [undefined, "alice@example.test", "alice@example.test/desk"],
      ["example.test", "alice@example.test/phone", "@"],
    ],
    ["example.test", [undefined, "example.test"], ["alice@example.test", "other.test", "@"]],
    ["Bob@example.test/x", ["bob@example.test/x"], [undefined, "bob@example.test", "example.test", "@"]],
    ["rooms.example.test", ["rooms.example.test"], [undefined, "example.test", "alice@example.test"]],
  ])("to %s are answered by whom that is, and by nobody else", async (to, those, others) => {
    const sent: Element[] = [];
    const refused: string[] = [];
    const iq = new IqRequests({
      address: "alice@example.test",
      domain: "example.test",
      send: (stanza) => void sent.push(stanza),
      refuse: (what) => refused.push(what),
      jid: () => "alice@example.test/desk",
    });
    for (const from of those) {
      const asked = iq.request("get", xml("query", "urn:x"), to === undefined ? {} : { to });
      const id = sent.at(-1)?.attrs["id"];
      refused.length = 0;
      for (const other of others) iq.settle(xml("iq", { type: "result", id, from: other }));
      expect(refused).toHaveLength(others.length);
      const reply = xml("iq", { type: "result", id, from });
      iq.settle(reply);
      expect(await asked).toBe(reply);
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it("fail by what the answer says, and by half of one", async () => {
    const { iq, sent } = layer();
    const answered = (reply: (id: string) => Element) => {
      const asked = iq.request("set", xml("query", "urn:x"));
      iq.settle(reply(sent.at(-1)?.attrs["id"] ?? ""));
      return asked;
    };
    const forbidden = xml("error", {}, xml("forbidden", "urn:ietf:params:xml:ns:xmpp-stanzas"));
    await expect(answered((id) => xml("iq", { type: "error", id }, forbidden))).rejects.toMatchObject({
      code: "not-allowed",
    });
    const half = (id: string, loss: "cut" | "trimmed") => {
      const reply = new WireElement("iq");
      reply.attrs = { type: "result", id };
      reply.lose(loss);
      return reply;
    };
    await expect(answered((id) => half(id, "cut"))).rejects.toMatchObject({ code: "too-large" });
    await expect(answered((id) => half(id, "trimmed"))).resolves.toBeInstanceOf(WireElement);
    expect([sent[0]?.attrs["type"], sent[0]?.attrs["to"]]).toEqual(["set", undefined]);
  });

  it("fail at once when the stream ends", async () => {
    const { iq, ask } = layer();
    const [list, behind] = [ask(true), ask(false)];
    iq.isLarge(list.reply);
    iq.abort(new HallwayError("connection-lost"));
    await vi.advanceTimersByTimeAsync(0);
    expect([list.said, behind.said]).toEqual([["connection-lost"], ["connection-lost"]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
