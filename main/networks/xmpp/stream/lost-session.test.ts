import xml from "@xmpp/xml";
import { expect, it } from "vitest";
import { parseJid } from "../jid.ts";
import { LostSession } from "./lost-session.ts";
import { StreamManagement } from "./stream-management.ts";

function kept() {
  const lost = new LostSession();
  const management = new StreamManagement(xml("enabled", { id: "x", resume: "true" }));
  const jid = parseJid("alice@example.test/desk");
  if (!jid) throw new Error("no JID");
  lost.keep(management, jid);
  return { lost, management, jid };
}

it("is offered until the server was asked for it twice, in vain", () => {
  const { lost, management, jid } = kept();
  for (let times = 0; times < 2; times++) {
    // Looking costs nothing.
    expect(lost.offered()).toMatchObject({ management, jid });
    lost.offered()?.asked();
  }
  expect([lost.offered(), lost.management]).toEqual([undefined, management]);
  lost.keep(management, jid);
  expect(lost.offered()).toMatchObject({ management });
});

it("is none before it was kept, nor after it was forgotten", () => {
  const { lost } = kept();
  lost.forget();
  for (const one of [lost, new LostSession()]) expect([one.offered(), one.management]).toEqual([undefined, undefined]);
});
