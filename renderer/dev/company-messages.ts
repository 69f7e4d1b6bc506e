import { type ConversationId, directConversation, placeOf } from "../../shared/model/conversation-id.ts";
import type { ConversationRecord, MessageRecord } from "../../shared/model/message.ts";
import { now, sipAccount, xmppAccount } from "./people.ts";

export const juliet = directConversation(xmppAccount.id, "juliet@bank.example");
export const bob = directConversation(xmppAccount.id, "bob@corp.example");
export const romeo = directConversation(xmppAccount.id, "romeo@corp.example");
const zoe = directConversation(xmppAccount.id, "zoe@corp.example");
const alice = directConversation(sipAccount.id, "alice@voice.corp.example");
export const minute = 60_000;
let seq = 0;

/** Messages of one conversation, so many minutes ago: received, where no other state is given. */
const say =
  (conversationId: ConversationId) =>
  (minutesAgo: number, body: string, { state = "received", ...more }: Partial<MessageRecord> = {}): MessageRecord => {
    seq++;
    return {
      id: `m${seq}`,
      conversationId,
      accountId: placeOf(conversationId).accountId,
      direction: state === "received" ? "in" : "out",
      author: { isSelf: state !== "received" },
      body,
      at: now - minutesAgo * minute,
      seq,
      state,
      ...more,
    };
  };

function longHistory(count: number): MessageRecord[] {
  return Array.from({ length: count }, (_, n) =>
    say(juliet)(
      60 * 24 * 2 + (count - n) * 7,
      n % 5 === 0
        ? `Line ${n}: ${"a longer thought about the settlement window, ".repeat(1 + (n % 4))}and that is that.`
        : `Line ${n} about settlement.`,
      { state: n % 3 === 0 ? "read" : "received" },
    ),
  );
}

/** Messages of the company, oldest first. */
export function companyMessages(): MessageRecord[] {
  seq = 0;
  return [
    ...longHistory(400),
    say(juliet)(
      60 * 26,
      "Good evening. The figures for week 46 are in: https://intranet.bank.example/settlement/w46?view=full",
      { delayed: true },
    ),
    say(juliet)(60 * 25, "Thank you, I will look at them tomorrow.", { state: "read", otherDevice: true }),
    say(juliet)(4, "Can you confirm the settlement window before the call?"),
    say(juliet)(3, "Yes: 10:30, same as last week. Sending the sheet now.", { state: "read" }),
    say(juliet)(3, "It is 84 kB, and it has the corrected totals.", { state: "delivered" }),
    say(juliet)(2.5, "One more line that only the server has.", { state: "sent" }),
    say(juliet)(2.2, "And one that did not go out.", {
      state: "failed",
      error: { code: "recipient-unreachable", params: { address: "juliet@bank.example" } },
    }),
    say(juliet)(2, "This one is still waiting.", { state: "waiting" }),
    say(juliet)(1, "Perfect. One more thing: who knows the CPIM gateway?"),
    say(bob)(60, "Are you joining?"),
    say(bob)(5, "We are about to start."),
    say(bob)(4, "Second line, still unread."),
    say(romeo)(58, "The draft is wrong, please do not use it.", { body: "", retracted: true }),
    say(romeo)(57, "The correct draft is in the usual place.", { corrected: now - 55 * minute }),
    say(romeo)(50, "Thank you, we sign on Thursday.", { state: "read", corrected: now - 49 * minute }),
    say(romeo)(49, "", { state: "read", retracted: true }),
    say(romeo)(20, "I will bring the paper copies.", {
      state: "delivered",
      corrected: now - 19 * minute,
      change: { kind: "correction", state: "waiting" },
    }),
    say(romeo)(19, "And a pen that works.", {
      state: "delivered",
      corrected: now - 18 * minute,
      change: {
        kind: "correction",
        state: "failed",
        error: { code: "content-blocked", params: { rule: "Cards", finding: "payment-card" } },
      },
    }),
    say(zoe)(15, "", { notice: { kind: "encrypted", what: "OMEMO" } }),
    say(zoe)(12, "We start with the budget.", {
      notice: { kind: "invitation", what: "budget@rooms.corp.example" },
    }),
    say(zoe)(10, "On my way.", { state: "read" }),
    say(zoe)(9, "", { notice: { kind: "reaction", what: "👍" } }),
    say(zoe)(8, "", { notice: { kind: "call" } }),
    say(zoe)(7, "", { state: "sent", otherDevice: true, notice: { kind: "encrypted", what: "OMEMO" } }),
    say(alice)(70, "Voice lines are back.", { state: "received" }),
    say(alice)(69, "Great, thank you!", { state: "delivered" }),
  ];
}

/** The conversations that messages are of. */
export function conversationsOf(all: readonly MessageRecord[]): ConversationRecord[] {
  return [juliet, bob, romeo, zoe, alice].map((id) => {
    const own = all.filter((message) => message.conversationId === id);
    const last = own.at(-1);
    const unread = id === bob ? 2 : id === juliet ? 1 : 0;
    const firstUnread = own.at(-unread)?.id;
    return {
      id,
      ...placeOf(id),
      unread,
      typing: id === juliet,
      ...(unread > 0 && firstUnread !== undefined ? { firstUnread } : {}),
      ...(last === undefined
        ? {}
        : {
            last: {
              text: last.body,
              at: last.at,
              direction: last.direction,
              author: last.author,
              ...(last.notice === undefined ? {} : { notice: last.notice }),
            },
          }),
      ...(id === alice ? { draft: "About the voice lines:" } : {}),
    };
  });
}
