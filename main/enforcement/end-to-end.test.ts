import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { MessageRecord } from "../../shared/model/message.ts";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const bob = "bob@x.example";
const refusal = { code: "blocked-by-policy", params: { setting: "E2eeMode" } };

let testApp: SignedInTestApp;
let conversationId: string;

beforeEach(async () => {
  testApp = await openSignedInTestApp([bob]);
  conversationId = testApp.id(bob);
});
afterEach(() => testApp.close());

const say = (body: string) => testApp.send(bob, body);
const sent = () => testApp.network.messages.map(({ body }) => body);
const shown = async (): Promise<readonly MessageRecord[]> =>
  (await testApp.request("conversations.open", { conversationId, limit: 50 })).messages;

it("nothing is sent unencrypted where policy requires encryption, not even what waits; it is not lost, and what others write is shown", async () => {
  for (const mode of ["forbidden", "allowed", "preferred"]) {
    await testApp.policy({ E2eeMode: mode });
    await say(mode);
    await vi.waitFor(() => expect(sent()).toContain(mode));
  }
  await testApp.request("presence.set", { presence: { availability: "offline" } });
  const waiting = await say("typed before the rule");
  expect(waiting.state).toBe("waiting");
  await testApp.policy({ E2eeMode: "required" });
  await expect(say("typed under the rule")).rejects.toMatchObject(refusal);
  await testApp.request("presence.set", { presence: { availability: "available" } });
  await vi.waitFor(async () =>
    expect((await shown()).find(({ id }) => id === waiting.id)).toMatchObject({ state: "failed", error: refusal }),
  );
  await expect(testApp.request("messages.retry", { messageId: waiting.id })).rejects.toMatchObject(refusal);
  testApp.network.receive({ peer: bob, body: "said in clear", id: "from-bob" });
  await vi.waitFor(async () => expect((await shown()).map(({ body }) => body)).toContain("said in clear"));
  // What cannot be used requires.
  await testApp.policy({ E2eeMode: "sometimes" });
  await expect(say("typed under a broken rule")).rejects.toMatchObject(refusal);
  expect(sent()).toEqual(["forbidden", "allowed", "preferred"]);
  await testApp.policy(undefined);
  await testApp.request("messages.retry", { messageId: waiting.id });
  await vi.waitFor(() => expect(sent()).toContain("typed before the rule"));
});
