import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { softwareVersion } from "./xep-0092-version.ts";

it("tells a contact the program's name, and nothing of the machine", async () => {
  const { feed, sent } = await startTestSession({
    extensions: [softwareVersion],
    roster: "<item jid='bob@example.test' subscription='from'/>",
  });
  feed("<iq type='get' id='v' from='bob@example.test/x'><query xmlns='jabber:iq:version'/></iq>");
  expect(sent[0]).toContain("<name>Hallway</name>");
  expect(sent[0]).not.toContain("<os>");
});
