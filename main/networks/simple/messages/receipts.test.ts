import { describe, expect, it } from "vitest";
import type { TestClient } from "../testing/client.ts";
import { useScene } from "../testing/scene.ts";
import type { ScriptedServer } from "../testing/scripted-server.ts";
import type { SipMessage } from "../wire/message.ts";

const bob = "bob@example.test";
let server: ScriptedServer;
let client: TestClient;

useScene((scene) => {
  ({ server, client } = scene);
});

const bodyOf = (message: SipMessage): string => Buffer.from(message.body).toString();
const isMessage = (message: SipMessage): boolean => message.kind === "request" && message.method === "MESSAGE";

/** A message of Bob's in an envelope that asks for these reports. */
async function asks(id: string, reports: string): Promise<void> {
  const asked = reports === "" ? "" : `\r\nimdn.Disposition-Notification: ${reports}`;
  server.request(
    "MESSAGE",
    ["Content-Type: message/cpim"],
    `From: <sip:${bob}>\r\nTo: <sip:alice@example.test>\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: ${id}${asked}\r\n\r\nContent-Type: text/plain\r\n\r\n${id}`,
  );
  await client.event("message", (e) => e.message.body === id);
}

/** Ids of the messages that were reported, as which kind, in order. What is sent to Bob afterwards closes the list. */
async function reported(): Promise<readonly string[]> {
  await client.connection.messages.send({ id: "end", to: bob, body: "end", at: Date.now(), wantReceipts: false });
  await server.got((message) => isMessage(message) && bodyOf(message).includes("end"));
  return server.received.filter(isMessage).flatMap((message) => {
    const [, id] = /<message-id>([^<]*)</.exec(bodyOf(message)) ?? [];
    return id === undefined ? [] : [`${id} ${bodyOf(message).includes("<delivered/>") ? "delivered" : "displayed"}`];
  });
}

function reportBoth(messageId: string, to = bob): void {
  client.connection.messages.sendReceipt?.({ to, messageId, kind: "delivered" });
  client.connection.messages.sendReceipt?.({ to, messageId, kind: "read" });
}

describe("a report on a message", () => {
  it.each([
    ["positive-delivery, display", ["one delivered", "one displayed"]],
    ["positive-delivery", ["one delivered"]],
    ["display", ["one displayed"]],
    ["", []],
  ])("whose sender asked for `%s` goes as far as was asked", async (reports, expected) => {
    await asks("one", reports);
    reportBoth("one");
    expect(await reported()).toEqual(expected);
  });

  it("goes to whoever asked, and not to a neighbour with a message of that id", async () => {
    await asks("one", "positive-delivery, display");
    reportBoth("one", "carol@example.test");
    expect(await reported()).toEqual([]);
  });

  it("of which it is not remembered what was asked goes only to whoever is known to understand it", async () => {
    reportBoth("before the restart");
    expect(await reported()).toEqual([]);
    server.request(
      "MESSAGE",
      ["Content-Type: text/plain", "Accept: text/plain, message/cpim, message/imdn+xml"],
      "I take envelopes",
    );
    await client.event("message", (e) => e.message.body === "I take envelopes");
    reportBoth("before");
    await server.got((message) => isMessage(message) && bodyOf(message).includes("<displayed/>"));
    expect(await reported()).toEqual(["before delivered", "before displayed"]);
  });
});
