import { describe, expect, it } from "vitest";
import { noRules } from "../connection-rules.ts";
import { startTestSession } from "./testing/session.ts";

const questions = [
  "<query xmlns='http://jabber.org/protocol/disco#info'/>",
  "<query xmlns='http://jabber.org/protocol/disco#items'/>",
  "<query xmlns='jabber:iq:version'/>",
  "<query xmlns='jabber:iq:last'/>",
  "<time xmlns='urn:xmpp:time'/>",
  "<ping xmlns='urn:xmpp:ping'/>",
  "<vCard xmlns='vcard-temp'/>",
  "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:metadata'/></pubsub>",
  "<query xmlns='jabber:iq:roster'/>",
  "<nonsense xmlns='urn:nobody:knows'/>",
];

/** Answers to a stranger who asks all of it. */
async function answers(hiding: boolean): Promise<string[]> {
  const { feed, sent, clear } = await startTestSession({
    environment: { rules: { ...noRules, hiding: () => hiding } },
  });
  clear();
  for (const [n, question] of questions.entries())
    feed(`<iq type='get' id='q${n}' from='mallory@evil.test/x'>${question}</iq>`);
  return sent.map((text) => text.replace(/ id="q\d+"/, ""));
}

describe("a harvester", () => {
  it("hears the same to every question, as of an account that is not there", async () => {
    const all = await answers(true);
    expect(all).toHaveLength(questions.length);
    expect(new Set(all).size).toBe(1);
    expect(all[0]).toContain("service-unavailable");
    const open = await answers(false);
    expect(open.filter((text) => text.includes('type="result"')).length).toBeGreaterThanOrEqual(4);
  });

  it("gets no list, no suggestion taken up, and no answer to a wish to see us", async () => {
    const { feed, sent, events, clear } = await startTestSession();
    clear();
    // XEP-0144, as a message and as a request.
    const suggestion = "<x xmlns='http://jabber.org/protocol/rosterx'><item action='add' jid='spam@evil.test'/></x>";
    feed(`<message from='mallory@evil.test/x'>${suggestion}</message>`);
    feed(`<iq type='set' id='r' from='mallory@evil.test/x'>${suggestion}</iq>`);
    feed("<presence type='probe' from='mallory@evil.test'/>");
    feed("<presence type='subscribe' from='mallory@evil.test'/>");
    feed("<presence type='subscribed' from='mallory@evil.test'/>");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain("service-unavailable");
    expect(events.map(({ type }) => type).filter((type) => type !== "refused")).toEqual(["subscription-request"]);
  });
});
