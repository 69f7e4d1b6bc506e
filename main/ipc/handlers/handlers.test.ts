import { beforeEach, describe, expect, it } from "vitest";
import { contract } from "../../../shared/ipc/contract.ts";
import type { Handlers } from "../dispatch.ts";
import { createHandlers, type Services } from "./handlers.ts";

/** Calls of the parts around, in order; a line with `done` once what was asked for late is there. */
let calls: unknown[][];
/** Answers by the name of what is asked; a late one is a promise that takes its time. */
let answers: Readonly<Record<string, unknown>>;
let handlers: Handlers;

class Late {
  readonly value: unknown;

  constructor(value: unknown = undefined) {
    this.value = value;
  }
}

/** A part of any depth that notes its calls under their names. */
function part(name: string): never {
  const call = (...args: readonly unknown[]): unknown => {
    calls.push([name, ...args]);
    const answer = answers[name];
    if (!(answer instanceof Late)) return answer;
    return new Promise((resolve) => setImmediate(resolve)).then(() => {
      calls.push([`${name} done`]);
      return answer.value;
    });
  };
  const get = (_: unknown, key: string): unknown =>
    answers[`${name}.${key} =`] ?? part(name === "" ? key : `${name}.${key}`);
  return new Proxy(call, { get }) as never;
}

beforeEach(() => {
  calls = [];
  answers = {};
  const services: Services = part("");
  handlers = createHandlers(
    new Proxy({} as never, { get: (_, key: string) => (key === "services" ? () => services : part(key)) }),
  );
});

/** Calls a handler; its answer counts once nothing more happens. */
async function ask(method: string, args: unknown): Promise<unknown> {
  const result = await (handlers as unknown as Record<string, (given: unknown) => unknown>)[method]?.(args);
  calls.push(["answered"]);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return result;
}

const accountId = "account-1";
const contactId = "account-1|b@x";
const conversationId = contactId;

describe("a request", () => {
  it("has a handler for every method of the contract", () => {
    expect(Object.keys(handlers).sort()).toEqual(Object.keys(contract).sort());
  });

  it.each<[method: string, args: object, name: string, asked: readonly unknown[], answer: unknown, result: unknown]>([
    ["app.attention", { focused: true, conversationId }, "attention", [{ focused: true, conversationId }], 0, {}],
    ["app.quit", {}, "quit", [], 0, {}],
    ["app.acceptNotice", { version: "1", language: "fr" }, "acceptNotice", ["1", "fr"], new Late(), {}],
    ["app.declineNotice", { version: "1", language: "en" }, "declineNotice", ["1", "en"], new Late(), {}],
    ["app.activity", {}, "activity", [], 0, {}],
    ["app.timeZone", { zone: "Asia/Tokyo" }, "timeZone", ["Asia/Tokyo"], 0, {}],
    ["app.snapshot", {}, "snapshot", [], "shot", "shot"],
    ["app.windowState", {}, "windowPlaces.load", [], new Late(), {}],
    ["app.windowState", {}, "windowPlaces.load", [], new Late("left"), { state: "left" }],
    ["app.keepWindowState", { state: "left" }, "windowPlaces.save", ["left"], new Late(), {}],
    ["lock.now", {}, "lock.lock", [], new Late(), {}],
    ["vault.create", { passphrase: "p" }, "vault.create", ["p"], new Late(), {}],
    ["vault.unlock", { passphrase: "p" }, "vault.unlock", ["p"], new Late(), {}],
    ["vault.change", { to: "p" }, "changeKey", [{ to: "p" }], new Late(), {}],
    ["vault.retry", {}, "retry", [], new Late(), {}],
    ["settings.set", { key: "k", value: 1 }, "settings.set", ["k", 1], new Late(), {}],
    ["accounts.add", { address: "a" }, "addAccount.add", [{ address: "a" }], new Late("id"), { accountId: "id" }],
    ["accounts.cancelAdd", {}, "addAccount.cancel", [], 0, {}],
    ["accounts.update", { accountId }, "accounts.update", [accountId, {}], new Late(), {}],
    ...(["label", "server", "enabled"] as const).map(
      (field): [string, object, string, readonly unknown[], unknown, unknown] => [
        "accounts.update",
        { accountId, [field]: false },
        "accounts.update",
        [accountId, { [field]: false }],
        new Late(),
        {},
      ],
    ),
    ["accounts.setPassword", { accountId, password: "p" }, "accounts.setPassword", [accountId, "p"], new Late(), {}],
    ["accounts.remove", { accountId }, "accounts.remove", [accountId], new Late(), {}],
    ["accounts.retry", { accountId }, "accounts.retry", [accountId], 0, {}],
    [
      "accounts.allowWeakerSignIn",
      ...[{ accountId, method: "PLAIN" }, "accounts.allowWeakerSignIn", [accountId, "PLAIN"], new Late(), {}],
    ] as [string, object, string, readonly unknown[], unknown, unknown],
    ["presence.set", { accountId, presence: null }, "accounts.setPresence", [accountId, null], new Late(), {}],
    ["contacts.add", { address: "a" }, "contactList.add", [{ address: "a" }], new Late("id"), { contactId: "id" }],
    ["contacts.update", { contactId }, "contactList.update", [{ contactId }], new Late(), {}],
    ["contacts.ask", { contactId }, "contactList.ask", [contactId], new Late(), {}],
    ["contacts.remove", { contactId }, "contactList.remove", [contactId], new Late(), {}],
    ["contacts.lookAlike", { name: "n" }, "contactList.lookAlike", [{ name: "n" }], undefined, {}],
    ["contacts.lookAlike", { name: "n" }, "contactList.lookAlike", [{ name: "n" }], "Ann", { warning: "Ann" }],
    ["contacts.block", { contactId }, "strangers.block", [contactId], new Late(), {}],
    ["contacts.unblock", { blockId: "b" }, "strangers.unblock", ["b"], new Late(), {}],
    ["requests.answer", { answer: "block" }, "strangers.answer", [{ answer: "block" }], new Late(), {}],
    [
      "conversations.start",
      { accountId, address: "a" },
      "views.start",
      [accountId, "a"],
      new Late("c"),
      { conversationId: "c" },
    ],
    ["conversations.open", { conversationId }, "views.open", [{ conversationId }], new Late("o"), "o"],
    ["conversations.page", { conversationId }, "views.page", [{ conversationId }], new Late("p"), "p"],
    ["conversations.close", { conversationId }, "views.close", [conversationId], 0, {}],
    [
      "conversations.markRead",
      { conversationId, messageId: "m" },
      "messaging.markRead",
      [conversationId, "m"],
      new Late(),
      {},
    ],
    ["conversations.draft", { conversationId, text: "t" }, "views.saveDraft", [conversationId, "t"], new Late(), {}],
    [
      "conversations.typing",
      { conversationId, active: true },
      "messaging.sending.signal",
      [{ kind: "typing", conversationId, active: true }],
      new Late(),
      {},
    ],
    ["history.search", { text: "t" }, "views.search", [{ text: "t" }], new Late("found"), "found"],
    ["messages.retry", { messageId: "m" }, "messaging.sending.retry", ["m"], new Late(), {}],
    [
      "messages.send",
      { messageId: "m", conversationId, body: "b" },
      "messaging.sending.say",
      [{ kind: "text", id: "m", conversationId, body: "b" }],
      new Late("r"),
      "r",
    ],
    [
      "messages.correct",
      { messageId: "m", correctionId: "c", conversationId, body: "b" },
      "messaging.sending.say",
      [{ kind: "correction", id: "c", targetId: "m", conversationId, body: "b" }],
      new Late("r"),
      "r",
    ],
    [
      "messages.retract",
      { conversationId, messageId: "m" },
      "messaging.sending.retract",
      [conversationId, "m"],
      new Late("r"),
      "r",
    ],
    ["history.delete", { conversationId }, "retention.delete", [{ conversationId }], new Late("d"), "d"],
    [
      "history.delete",
      { conversationId, messageIds: ["m"] },
      "retention.delete",
      [{ conversationId, messageIds: ["m"] }],
      new Late("d"),
      "d",
    ],
    ["history.deleteAll", {}, "retention.delete", [{ all: true }], new Late("d"), "d"],
    ["history.export", { format: "f", query: "q" }, "exports.start", ["f", "q"], new Late(true), { started: true }],
    ["history.cancelExport", {}, "exports.cancel", [], 0, {}],
    ["history.showExport", {}, "exports.show", [], new Late(), {}],
    ["roster.show", { from: 1 }, "roster.show", [{ from: 1 }], new Late(), {}],
    [
      "roster.find",
      { text: "t", limit: 5, asked: true },
      "roster.find",
      ["t", 5, true],
      new Late("p"),
      { people: "p" },
    ],
    ["roster.find", { text: "t", limit: 5 }, "roster.find", ["t", 5, false], new Late("p"), { people: "p" }],
    ["roster.typeahead", { text: "t", from: 1, names: "n" }, "roster.typeahead", ["t", 1, "n"], new Late(), {}],
    [
      "roster.typeahead",
      { text: "t", from: 1, names: "n" },
      "roster.typeahead",
      ["t", 1, "n"],
      new Late(0),
      { row: 0 },
    ],
    ["roster.unread", { from: 1, step: -1 }, "roster.unread", [1, -1], undefined, {}],
    ["roster.unread", { from: 1, step: -1 }, "roster.unread", [1, -1], "c", { conversationId: "c" }],
  ])(
    "%s %j asks for %s, once, and is answered when that is done",
    async (method, args, name, asked, answer, result) => {
      answers = { [name]: answer };
      expect(await ask(method, args)).toEqual(result);
      expect(calls).toEqual([[name, ...asked], ...(answer instanceof Late ? [[`${name} done`]] : []), ["answered"]]);
    },
  );

  it("to open a link asks the rules before the desktop, with the consent that was given", async () => {
    answers = { "host.openExternal": new Late() };
    await ask("app.openLink", { url: "https://x.example/", confirmed: true });
    await ask("app.openLink", { url: "https://x.example/" });
    const opened = [["host.openExternal", "https://x.example/"], ["host.openExternal done"], ["answered"]];
    expect(calls).toEqual([["guard.openLink", true], ...opened, ["guard.openLink", false], ...opened]);
  });

  it("to unlock counts as activity, also where the secret is wrong", async () => {
    answers = { "lock.unlock": new Late() };
    await ask("lock.unlock", { secret: "s", address: "a" });
    expect(calls).toEqual([["activity"], ["lock.unlock", "s", "a"], ["lock.unlock done"], ["answered"]]);
  });

  it("for what policy keeps says the days, and whether a hold may be on the conversation, or on any", async () => {
    answers = {
      "retention.policy =": { minimumDays: 7, holds: [] },
      "retention.mayHold": true,
      "views.place": "the place",
    };
    expect(await ask("history.retention", {})).toEqual({ minimumDays: 7, held: false });
    expect(await ask("history.retention", { conversationId })).toEqual({ minimumDays: 7, held: true });
    expect(calls.slice(1)).toEqual([["views.place", conversationId], ["retention.mayHold", "the place"], ["answered"]]);
    answers = { "retention.policy =": { minimumDays: 7, holds: ["h"] }, "retention.mayHold": false };
    expect(await ask("history.retention", {})).toEqual({ minimumDays: 7, held: true });
    expect(await ask("history.retention", { conversationId })).toEqual({ minimumDays: 7, held: false });
  });
});
