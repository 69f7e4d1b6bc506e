import xml, { type Element } from "@xmpp/xml";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { IqRequests } from "./iq.ts";

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
    return { iq, ask };
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
