import { describe, expect, it } from "vitest";
import { parseMessage, type SipRequest, type SipResponse } from "../wire/message.ts";
import { Dialog } from "./dialog.ts";
import { DialogTable } from "./dialog-table.ts";

const parse = (lines: readonly string[]) =>
  parseMessage(Buffer.from([...lines, "Via: SIP/2.0/TCP h;branch=z9hG4bK1"].join("\r\n")), new Uint8Array());
const theirs = (dialog: { callId: string; localTag: string }, cseq = 1, more: readonly string[] = []): SipRequest =>
  parse([
    "NOTIFY sip:us@127.0.0.1 SIP/2.0",
    "From: <sip:bob@example.test>;tag=bob",
    `To: <sip:alice@example.test>;tag=${dialog.localTag}`,
    `Call-ID: ${dialog.callId}`,
    `CSeq: ${cseq} NOTIFY`,
    ...more,
  ]) as SipRequest;
const first = (more: readonly string[] = ["Contact: <sip:bob@192.0.2.1>"]): SipRequest =>
  parse([
    "SUBSCRIBE sip:us@127.0.0.1 SIP/2.0",
    "From: Bob <sip:bob@example.test>;tag=bob",
    "To: <sip:alice@example.test>",
    "Call-ID: theirs",
    "CSeq: 7 SUBSCRIBE",
    ...more,
  ]) as SipRequest;

describe("a dialog of ours", () => {
  it("names nobody and no way until the other side has answered, and then the same for good", () => {
    const dialog = Dialog.outgoing("sip:bob@example.test");
    const before = dialog.request();
    expect(before).toMatchObject({ uri: "sip:bob@example.test", to: "sip:bob@example.test" });
    expect([before.dialog.toTag, "routes" in before.dialog]).toEqual([undefined, false]);
    dialog.establish(undefined, ["<sip:nobody;lr>"]);
    dialog.establish("bob", ["<sip:edge;lr>", "<sip:home;lr>"]);
    dialog.establish("fork", []);
    expect(dialog.request()).toMatchObject({
      uri: "sip:bob@example.test",
      dialog: { toTag: "bob", routes: ["<sip:edge;lr>", "<sip:home;lr>"] },
    });
  });

  it("follows the Contact of the other side, if it is one", () => {
    const dialog = Dialog.outgoing("sip:bob@example.test");
    for (const [contact, target] of [
      ["<sip:bob@192.0.2.1;transport=tcp>", "sip:bob@192.0.2.1;transport=tcp"],
      ["<mailto:bob@example.test>", "sip:bob@192.0.2.1;transport=tcp"],
      ["<sip:>", "sip:bob@192.0.2.1;transport=tcp"],
      ["sip:bob@192.0.2.2;expires=5", "sip:bob@192.0.2.2"],
    ] as const) {
      dialog.retarget(theirs(dialog, 1, [`Contact: ${contact}`]));
      expect(dialog.request().uri).toBe(target);
      expect(dialog.target).toBe(target);
    }
    dialog.retarget(theirs(dialog));
    expect(dialog.target).toBe("sip:bob@192.0.2.2");
  });

  it("gives a strict router the request URI, and the target the last place (section 12.2.1.1)", () => {
    const dialog = Dialog.outgoing("sip:bob@192.0.2.1");
    dialog.establish("bob", ["<sip:strict@edge;maddr=x>", "<sip:home;lr>"]);
    expect(dialog.request()).toMatchObject({
      uri: "sip:strict@edge;maddr=x",
      to: "sip:bob@192.0.2.1",
      dialog: { routes: ["<sip:home;lr>", "<sip:bob@192.0.2.1>"] },
    });
  });

  it("counts its requests, each challenge anew", () => {
    const dialog = Dialog.outgoing("sip:bob@example.test");
    const { nextCseq } = dialog.request().dialog;
    expect([nextCseq(), nextCseq(), dialog.request().dialog.nextCseq()]).toEqual([1, 2, 3]);
  });

  it("takes requests of one other side, in order", () => {
    const dialog = Dialog.outgoing("sip:bob@example.test");
    expect(dialog.owns(theirs(dialog))).toBe(true);
    dialog.establish("carol", []);
    expect(dialog.owns(theirs(dialog))).toBe(false);
    expect([3, 2, 3, 4].map((cseq) => dialog.inOrder(theirs(dialog, cseq)))).toEqual([true, false, false, true]);
  });
});

describe("a dialog of theirs", () => {
  it("is there from its first request, which it counts", () => {
    const dialog = Dialog.incoming(
      first(["Contact: <sip:bob@192.0.2.1>", "Record-Route: <sip:edge;lr>, <sip:home;lr>"]),
    );
    expect(dialog?.request()).toMatchObject({
      uri: "sip:bob@192.0.2.1",
      to: "sip:bob@example.test",
      dialog: { callId: "theirs", toTag: "bob", routes: ["<sip:edge;lr>", "<sip:home;lr>"] },
    });
    expect(dialog && [7, 8].map((cseq) => dialog.inOrder(theirs(dialog, cseq)))).toEqual([false, true]);
  });

  it.each([[[]], [["Contact: <mailto:bob@example.test>"]], [["Contact: *"]]])(
    "needs a place to answer to: %j",
    (more) => {
      expect(Dialog.incoming(first(more))).toBeUndefined();
    },
  );
});

describe("a table of dialogs", () => {
  it("finds a usage by both tags and the Call-ID, for as long as it is in there", () => {
    const table = new DialogTable<string>();
    const [one, two] = [Dialog.outgoing("sip:bob@example.test"), Dialog.outgoing("sip:bob@example.test")];
    table.add(one, "one");
    table.add(two, "two");
    two.establish("carol", []);
    expect([table.find(theirs(one)), table.find(theirs(two))]).toEqual(["one", undefined]);
    expect(table.find(theirs({ callId: one.callId, localTag: two.localTag }))).toBeUndefined();
    expect([table.size, table.usages()]).toEqual([2, ["one", "two"]]);
    table.delete(one);
    expect([table.find(theirs(one)), table.size]).toEqual([undefined, 1]);
    table.clear();
    expect(table.usages()).toEqual([]);
  });

  it("answers a response's route set reversed by whoever puts it in (section 12.1.2)", () => {
    const response = parse([
      "SIP/2.0 200 OK",
      "Record-Route: <sip:home;lr>, <sip:edge;lr>",
      "Call-ID: x",
      "CSeq: 1 SUBSCRIBE",
    ]) as SipResponse;
    const dialog = Dialog.outgoing("sip:bob@example.test");
    dialog.establish("bob", response.headers.list("record-route").toReversed());
    expect(dialog.request().dialog.routes).toEqual(["<sip:edge;lr>", "<sip:home;lr>"]);
  });
});
