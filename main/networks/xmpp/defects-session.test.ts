import { xml } from "@xmpp/client";
import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { codeOf, connect } from "./testing/scripted-fixture.ts";
import { type Respond, StockFixture, stockProcess } from "./testing/stock-fixture.ts";

/** Defects of the stock connection layer in its session: see `defects.test.ts`. */

const fixture = new StockFixture();

describe("4: counters of stream management", () => {
  const respond: Respond = (element) =>
    element.name === "enable"
      ? "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true'/><message from='b@example.test'><body>first</body></message>"
      : undefined;

  it("stock miscounts what comes together with <enabled/>, and fails at an impossible number", async () => {
    const script = await fixture.stockServer({ respond });
    const client = fixture.stock(script.port);
    const errors: unknown[] = [];
    client.on("error", (error) => errors.push(error));
    await client.start();
    await script.client.until((e) => e.name === "enable");
    await vi.waitFor(() => expect(client.streamManagement.enabled).toBe(true));
    script.client.write("<r xmlns='urn:xmpp:sm:3'/>");
    expect((await script.client.until((e) => e.name === "a")).attrs["h"]).not.toBe("1");
    script.client.write("<a xmlns='urn:xmpp:sm:3' h='999999'/>");
    await vi.waitFor(() => expect(errors.some((e) => e instanceof TypeError)).toBe(true));
  });

  it("ours counts right from the first stanza, and ends the stream at an impossible number", async () => {
    const script = await fixture.server({ respond });
    const client = fixture.open(script.port);
    await connect(client);
    // Everything that came is counted: the message and the replies to what was asked at sign-in.
    await client.until("message");
    const replies = script.client.elements
      .slice(script.client.elements.findIndex((e) => e.name === "enable"))
      .filter((e) => e.name === "iq").length;
    script.client.write("<r xmlns='urn:xmpp:sm:3'/>");
    expect((await script.client.until((e) => e.name === "a")).attrs["h"]).toBe(String(1 + replies));
    script.client.write("<a xmlns='urn:xmpp:sm:3' h='999999'/>");
    expect((await client.until("connection-lost")).error.code).toBe("protocol-error");
  });

  it("ours has its own stanzas counted right when it sends at once", async () => {
    const script = await fixture.server();
    const client = fixture.open(script.port);
    await connect(client);
    await client.connection.messages.send({
      id: "m-1",
      to: "bob@example.test",
      body: "hi",
      at: Date.now(),
      wantReceipts: true,
    });
    expect(await client.until("delivery")).toMatchObject({ id: "m-1", state: "sent" });
    client.connection.check();
    await script.client.until((e) => e.name === "r" && script.client.elements.filter((o) => o.name === "r").length > 1);
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });
});

describe("7: time-outs, sending while away, resumption", () => {
  it("a server that takes 2.1 s to answer is too slow for stock, and not for ours", async () => {
    expect(stockProcess("slow")).toMatch(/TimeoutError/);
    const script = await fixture.server({ slow: 2100 });
    expect(await connect(fixture.open(script.port))).toMatchObject({ resumed: false });
  });

  it("send() while away throws what it happens to throw in stock, and `offline` in ours", async () => {
    const script = await fixture.server();
    const away = fixture.stock((await fixture.stockServer()).port);
    await expect((async () => away.send(xml("message", {})))()).rejects.not.toBeInstanceOf(HallwayError);
    const client = fixture.open(script.port);
    const message = { id: "m-1", to: "bob@example.test", body: "hi", at: Date.now(), wantReceipts: false };
    expect(await codeOf(client.connection.messages.send(message))).toBe("offline");
    await connect(client);
    script.client.destroy();
    await client.until("connection-lost");
    expect(await codeOf(client.connection.messages.send(message))).toBe("offline");
  });

  /** Takes one message, never acknowledges it, and lets the session be resumed or not. */
  function forgetful(resume: string): Respond {
    return (element) => (element.name === "r" ? "" : element.name === "resume" ? resume : undefined);
  }
  const resumed = "<resumed xmlns='urn:xmpp:sm:3' previd='previous' h='0'/>";

  it("stock says nothing of a resumption through `online`", async () => {
    const script = await fixture.stockServer({ respond: forgetful(resumed) });
    const client = fixture.stock(script.port);
    let online = 0;
    client.on("online", () => {
      online += 1;
    });
    await client.start();
    await vi.waitFor(() => expect(client.streamManagement.enabled).toBe(true));
    const again = new Promise<void>((resolve) => client.streamManagement.once("resumed", () => resolve()));
    client.reconnect.delay = 1;
    client.reconnect.start();
    script.client.destroy();
    await again;
    expect(online).toBe(1);
    client.reconnect.stop();
  });

  it("ours says that it resumed, and sends again what was not acknowledged, once", async () => {
    const script = await fixture.server({ respond: forgetful(resumed) });
    const client = fixture.open(script.port);
    await connect(client);
    await client.connection.messages.send({
      id: "m-1",
      to: "bob@example.test",
      body: "hi",
      at: Date.now(),
      wantReceipts: false,
    });
    await script.client.until((e) => e.attrs["id"] === "m-1");
    const before = script.client.count;
    script.client.destroy();
    await client.until("connection-lost");
    expect(await connect(client)).toMatchObject({ resumed: true });
    await script.client.until((e) => e.attrs["id"] === "m-1");
    // The scripted server says that it saw nothing (h=0), so all comes again, each once.
    const sent = script.client.elements.filter((e) => ["message", "presence", "iq"].includes(e.name));
    expect(sent.filter((e) => e.attrs["id"] === "m-1")).toHaveLength(1);
    expect(sent.length).toBeGreaterThanOrEqual(before);
    script.client.write(`<a xmlns='urn:xmpp:sm:3' h='${before}'/>`);
    expect(await client.until("delivery", (e) => e.id === "m-1")).toMatchObject({ state: "sent" });
  });

  it("ours tells of a failed resumption: what the server says it had is sent, the rest is waiting", async () => {
    const holder: { h: number } = { h: 0 };
    const respond: Respond = (element) => {
      if (element.name === "r") return "";
      if (element.name === "resume")
        return `<failed xmlns='urn:xmpp:sm:3' h='${holder.h}'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
      return undefined;
    };
    const script = await fixture.server({ respond });
    const client = fixture.open(script.port);
    await connect(client);
    for (const id of ["m-1", "m-2"])
      await client.connection.messages.send({
        id,
        to: "bob@example.test",
        body: id,
        at: Date.now(),
        wantReceipts: false,
      });
    await script.client.until((e) => e.attrs["id"] === "m-2");
    holder.h = script.client.count - 1;
    script.client.destroy();
    await client.until("connection-lost");
    expect(await connect(client)).toMatchObject({ resumed: false });
    expect(await client.until("delivery", (e) => e.id === "m-1")).toMatchObject({ state: "sent" });
    expect(await client.until("delivery", (e) => e.id === "m-2")).toMatchObject({ state: "waiting" });
    expect(script.client.elements.some((e) => e.name === "message")).toBe(false);
  });
});
