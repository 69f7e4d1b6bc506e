import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { blocking } from "./xep-0191-blocking.ts";

it("asks the server to block, where it can", async () => {
  const test = await startTestSession({ extensions: [blocking], offers: ["urn:xmpp:blocking"] });
  expect(test.session.features.has("blocking")).toBe(true);
  const done = test.session.commands.block?.("spam@evil.test");
  expect(test.sent[0]).toContain('<block xmlns="urn:xmpp:blocking"><item jid="spam@evil.test"/></block>');
  test.answer("urn:xmpp:blocking", "");
  await done;
  const without = await startTestSession({ extensions: [blocking] });
  await expect(without.session.commands.block?.("spam@evil.test")).rejects.toMatchObject({ code: "unsupported" });
});

it("answers pushes of the own account, and of nobody else", async () => {
  const { feed, sent } = await startTestSession({ extensions: [blocking] });
  feed("<iq type='set' id='1' to='alice@example.test/desk'><block xmlns='urn:xmpp:blocking'><item jid='x@y'/></block></iq>");
  feed("<iq type='set' id='2' from='mallory@evil.test/x'><block xmlns='urn:xmpp:blocking'><item jid='x@y'/></block></iq>");
  expect(sent[0]).toBe('<iq type="result" id="1"/>');
  expect(sent[1]).toContain("service-unavailable");
});
