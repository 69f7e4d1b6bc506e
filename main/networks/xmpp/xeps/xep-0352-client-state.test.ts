import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { clientState } from "./xep-0352-client-state.ts";

it("says when the person is away from the machine, where the server knows the word", async () => {
  const { session, sent } = await startTestSession({
    extensions: [clientState],
    features: "<csi xmlns='urn:xmpp:csi:0'/>",
  });
  session.presence.announce({ availability: "away", idleSince: 1 });
  session.presence.announce({ availability: "available" });
  session.presence.announce({ availability: "busy" });
  expect(sent.filter((s) => s.includes("csi"))).toEqual([
    '<inactive xmlns="urn:xmpp:csi:0"/>',
    '<active xmlns="urn:xmpp:csi:0"/>',
  ]);
  const without = await startTestSession({ extensions: [clientState] });
  without.session.presence.announce({ availability: "away", idleSince: 1 });
  expect(without.sent).toHaveLength(1);
});
