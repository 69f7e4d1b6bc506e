import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { ping } from "./xep-0199-ping.ts";

it("answers the own server", async () => {
  const { feed, sent } = await startTestSession({ extensions: [ping] });
  feed("<iq type='get' id='p' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
  expect(sent).toEqual(['<iq type="result" id="p" to="example.test"/>']);
});
