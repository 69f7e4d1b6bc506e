import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { nickname } from "./xep-0172-nick.ts";

it("reads the name that a stranger gives", async () => {
  const { feed, events } = await startTestSession({ extensions: [nickname] });
  feed(
    "<presence type='subscribe' from='zoe@example.test'><status>Hello</status><nick xmlns='http://jabber.org/protocol/nick'> Zoé </nick></presence>",
  );
  expect(events).toEqual([{ type: "subscription-request", address: "zoe@example.test", name: "Zoé", text: "Hello" }]);
});
