import { afterEach, expect, it, vi } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { entityTime } from "./xep-0202-time.ts";

afterEach(() => void vi.restoreAllMocks());

it("tells a contact our time", async () => {
  const { feed, sent } = await startTestSession({
    extensions: [entityTime],
    roster: "<item jid='bob@example.test' subscription='from'/>",
    environment: { now: () => Date.parse("2026-11-22T12:00:00.123Z") },
  });
  feed("<iq type='get' id='t' from='bob@example.test/x'><time xmlns='urn:xmpp:time'/></iq>");
  expect(sent[0]).toContain("<utc>2026-11-22T12:00:00Z</utc>");
});

it.each([
  [0, "+00:00"],
  [330, "+05:30"],
  [-570, "-09:30"],
  [60, "+01:00"],
])("writes an offset of %d minutes as XEP-0082 has it", async (minutes, text) => {
  vi.spyOn(Date.prototype, "getTimezoneOffset").mockReturnValue(-minutes);
  const { feed, sent } = await startTestSession({ extensions: [entityTime] });
  feed("<iq type='get' id='t' from='example.test'><time xmlns='urn:xmpp:time'/></iq>");
  expect(sent[0]).toContain(`<tzo>${text}</tzo>`);
});
