import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { idle } from "./xep-0319-idle.ts";

it("tells since when somebody is idle, both ways", async () => {
  const { feed, events, session, sent } = await startTestSession({
    extensions: [idle],
    roster: "<item jid='bob@example.test' subscription='both'/>",
  });
  feed(
    "<presence from='bob@example.test/x'><show>away</show><idle xmlns='urn:xmpp:idle:1' since='2026-11-22T10:00:00Z'/></presence>",
  );
  expect(events).toEqual([
    {
      type: "presence",
      address: "bob@example.test",
      presence: { availability: "away", idleSince: Date.parse("2026-11-22T10:00:00Z") },
    },
  ]);
  session.presence.announce({ availability: "away", idleSince: Date.parse("2026-11-22T09:00:00Z") });
  expect(sent).toEqual([
    '<presence><show>away</show><idle xmlns="urn:xmpp:idle:1" since="2026-11-22T09:00:00.000Z"/></presence>',
  ]);
});
