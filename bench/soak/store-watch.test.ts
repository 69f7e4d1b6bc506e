import { expect, it } from "vitest";
import { StoreWatch } from "./store-watch.ts";

const lines = (...all: readonly string[]): string => `${all.join("\r\n")}\r\n\r\n`;
const answer = (status: number, id: string, method = "MESSAGE"): string =>
  lines(`SIP/2.0 ${status} Accepted`, `Call-ID: ${id}`, `CSeq: 7 ${method}`, "Content-Length: 0");
const request = (id: string, callId: string, body: string): string =>
  lines("MESSAGE sip:ann@127.0.0.1 SIP/2.0", `Call-ID: ${callId}`, "CSeq: 1 MESSAGE", `Message-ID: ${id}`) + body;
const ids = ["passed", "stored", "asked", "handed", "direct", "after"];

it("tells stored messages from those that were passed on, sent and received, however the bytes arrive", () => {
  const wire = [
    answer(200, "passed"),
    answer(401, "stored"),
    answer(202, "stored"),
    answer(202, "asked", "SUBSCRIBE"),
    request("handed", "made-by-the-store", "what waited"),
    request("direct", "direct", "two lines\r\n\r\nin a body"),
    answer(202, "after"),
  ].join("");
  for (const size of [1, 7, wire.length]) {
    const watch = new StoreWatch();
    for (let at = 0; at < wire.length; at += size) watch.tap(Buffer.from(wire.slice(at, at + size)), "client");
    expect(ids.filter((id) => watch.has(id))).toEqual(["stored", "handed", "after"]);
    expect(watch.has(undefined)).toBe(false);
  }
});

it("hears nothing of what goes to the server", () => {
  const watch = new StoreWatch();
  watch.tap(Buffer.from(answer(202, "stored")), "server");
  expect(watch.has("stored")).toBe(false);
});
