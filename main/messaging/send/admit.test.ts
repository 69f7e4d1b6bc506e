import { beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { directConversation } from "../../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { TablesWriter } from "../../store/tables.ts";
import type { OutgoingItem } from "../outgoing.ts";
import { passed } from "../passed.test-helper.ts";
import { placed } from "../placed.test-helper.ts";
import { type AdmitParts, admit } from "./admit.ts";
import {
  accountId,
  addAccount,
  addContact,
  bob,
  correction,
  now,
  own,
  receipt,
  retraction,
  tablesWithBob,
  text,
  typing,
} from "./items.test-helper.ts";

let tables: TablesWriter;
beforeEach(() => {
  tables = tablesWithBob();
});

describe("admission", () => {
  let record: MessageRecord | undefined;
  beforeEach(() => {
    record = own;
  });
  const stage = (over: Partial<AdmitParts> = {}) =>
    admit({
      tables,
      history: { get: async () => record },
      mayWrite: () => undefined,
      sendReceipts: () => true,
      sendTyping: () => true,
      now: () => now,
      ...over,
    });
  const refusal = async (item: OutgoingItem, over: Partial<AdmitParts> = {}): Promise<string> => {
    try {
      await passed(stage(over), item);
      return "";
    } catch (error) {
      return error instanceof HallwayError ? error.code : String(error);
    }
  };

  it("of a signal depends on what the person allows, each for itself", async () => {
    for (const [allowed, one, other] of [
      [{ sendTyping: () => false }, receipt, typing],
      [{ sendReceipts: () => false }, typing, receipt],
    ] as const) {
      expect(await passed(stage(allowed), one)).toBe(one);
      expect(await passed(stage(allowed), other)).toBeUndefined();
    }
  });

  it.each([
    ["a conversation alone", directConversation(accountId, "open@x.example")],
    ["nobody who is known", directConversation(accountId, "stranger@x.example")],
    ["another account's contact", directConversation("account-2", bob)],
    ["a room", `room/${accountId}/${bob}`],
  ])("of a signal to %s is none", async (_, conversation) => {
    addContact(tables, "open@x.example", false);
    for (const item of [receipt, typing])
      expect(await passed(stage(), placed({ ...item, conversationId: conversation }))).toBeUndefined();
  });

  it("of a text is to people who are known, on the list or not, and of something that is said", async () => {
    addContact(tables, "open@x.example", false);
    const to = (address: string) => placed({ ...text, conversationId: directConversation(accountId, address) });
    expect(await passed(stage(), to("open@x.example"))).toBeDefined();
    expect(await refusal(to("stranger@x.example"))).toBe("not-found");
    expect(await refusal({ ...text, body: " \n\t" })).toBe("message-empty");
    const mayWrite = vi.fn(() => {
      throw new HallwayError("blocked-by-policy");
    });
    for (const item of [text, correction, retraction])
      expect(await refusal(item, { mayWrite })).toBe("blocked-by-policy");
    expect(mayWrite.mock.calls).toEqual([text, correction, retraction].map(({ place }) => [place]));
  });

  it("of a change is of an own message of that conversation that may still be changed", async () => {
    for (const item of [correction, retraction])
      expect(await passed(stage(), item)).toEqual({ ...item, target: own, at: own.at });
    expect(await passed(stage(), { ...correction, at: now })).toMatchObject({ at: now });
    for (const other of [
      undefined,
      { ...own, conversationId: directConversation(accountId, "ann@x.example") },
      { ...own, direction: "in" } as const,
      { ...own, retracted: true } as const,
    ]) {
      record = other as MessageRecord | undefined;
      expect(await refusal(correction)).toBe("not-found");
    }
  });

  it("of a change is to somebody who is known, over a network that has it, of words that say something", async () => {
    expect(await refusal({ ...correction, body: "  " })).toBe("message-empty");
    expect(await refusal({ ...retraction, body: "  " })).toBe("");
    addAccount(tables, { correct: true, retract: false });
    expect([await refusal(correction), await refusal(retraction)]).toEqual(["", "unsupported"]);
    addAccount(tables, { correct: false, retract: true });
    expect([await refusal(correction), await refusal(retraction)]).toEqual(["unsupported", ""]);
    tables.remove("contacts", `${accountId}|${bob}`);
    expect(await refusal(retraction)).toBe("not-found");
  });
});
