import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { entityTime, zoneOffset } from "./xep-0202-time.ts";

it("tells a contact our time", async () => {
  const { feed, sent } = await startTestSession({
    extensions: [entityTime],
    roster: "<item jid='bob@example.test' subscription='from'/>",
    environment: { now: () => Date.parse("2026-11-22T12:00:00.123Z") },
  });
  feed("<iq type='get' id='t' from='bob@example.test/x'><time xmlns='urn:xmpp:time'/></iq>");
  expect(sent[0]).toContain("<utc>2026-11-22T12:00:00Z</utc>");
});

it("writes offsets as XEP-0082 has them", () => {
  expect([0, 330, -570, 60].map(zoneOffset)).toEqual(["+00:00", "+05:30", "-09:30", "+01:00"]);
});
