// @vitest-environment jsdom

import { afterEach, describe, expect, it, vi } from "vitest";
import type { AccountState } from "../../shared/model/account.ts";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { createWords } from "../../shared/words/words.ts";
import { ConversationHeader } from "../conversation/header.tsx";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { sipAccount, smallCompany, xmppAccount } from "../dev/people.ts";
import { ContactLine, contactLabel } from "../roster/contact-row.tsx";
import { presenceLine, shownPresence } from "./presence.ts";

const words = createWords("en");
const now = 1_000_000;
let drawn: Drawn | undefined;
afterEach(() => drawn?.dispose());

const base = smallCompany().find(
  ({ accountId, presence }) => accountId === xmppAccount.id && presence.availability === "available",
);
if (base === undefined) throw new Error("Nobody of the company is available");
const somebody: ContactRecord = {
  ...base,
  subscription: "both",
  presence: { availability: "available", status: "at her desk" },
};
const overSip: ContactRecord = {
  ...somebody,
  id: `${sipAccount.id}|${somebody.address}`,
  accountId: sipAccount.id,
  protocol: "simple",
};
const line = (contact: ContactRecord, isConnected: boolean): string =>
  presenceLine(shownPresence(contact, isConnected), words, now);

describe("presence in words", () => {
  it("is what was heard while the own account is connected, and what was heard last while it is not", () => {
    expect([line(somebody, true), line(somebody, false)]).toEqual(["Available · at her desk", "Last known: Available"]);
    expect(shownPresence(somebody, false).presence.availability).toBe("unknown");
  });

  it("is not known of whoever was never heard of, and not said to be withheld where it is shared", () => {
    const unheard: ContactRecord = { ...somebody, presence: { availability: "unknown" } };
    expect([line(unheard, true), line(unheard, false)]).toEqual(["Presence unknown", "Presence unknown"]);
    expect(line({ ...unheard, subscription: "from" }, true)).toBe("Presence not shared");
  });

  it("keeps the direction of a status to itself, and that of a name in what is read out", () => {
    const status = "في المكتب \u202E3";
    const abroad: ContactRecord = { ...somebody, name: "דנה", presence: { availability: "available", status } };
    expect(line(abroad, true)).toBe(`Available · \u2068${status}\u2069`);
    expect(
      contactLabel(
        {
          contact: abroad,
          shown: shownPresence(abroad, true),
          conversation: undefined,
          isBlocked: false,
          network: "XMPP",
        },
        words,
        now,
      ),
    ).toContain(`\u2068דנה\u2069, Available`);
  });

  it("is said to a screen reader as it is drawn", () => {
    expect(
      contactLabel(
        {
          contact: somebody,
          shown: shownPresence(somebody, false),
          conversation: undefined,
          isBlocked: false,
          network: "XMPP",
        },
        words,
        now,
      ),
    ).toContain("Last known: Available");
  });
});

describe("people of an account that lost its connection", () => {
  it.each(["waiting", "connecting", "failed", "signed-out"] as const satisfies readonly AccountState[])(
    "are drawn as unknown at once in list and header while it is %s, those of another account are not, and all are back with it",
    async (state) => {
      drawn = draw({ accounts: [xmppAccount, sipAccount], contacts: [somebody, overSip] }, () => (
        <>
          <ContactLine id={somebody.id} />
          <ConversationHeader id={conversationWith(somebody.id)} />
          <ContactLine id={overSip.id} />
        </>
      ));
      const { root, fake } = drawn;
      const shapes = (): readonly (string | undefined)[] =>
        [...root.querySelectorAll(".dot")].map((dot) => dot.getAttribute("class")?.split("dot-")[1]);
      const lost = (): void =>
        fake.publish([{ op: "patch", table: "accounts", id: xmppAccount.id, fields: { state } }]);
      await vi.waitFor(() => expect(shapes()).toEqual(["available", "available", "available"]));
      lost();
      await vi.waitFor(() => expect(shapes()).toEqual(["unknown", "unknown", "available"]));
      expect(root.querySelector(".sub")?.textContent).toBe("Last known: Available");
      expect(root.querySelector(".chat-presence")?.textContent).toBe("Last known: Available");
      const seen = new Set<string>();
      const watch = new MutationObserver(() => seen.add(shapes().join(" ")));
      watch.observe(root, { subtree: true, childList: true, attributes: true });
      fake.publish([{ op: "patch", table: "accounts", id: xmppAccount.id, fields: { state: "online" } }]);
      await vi.waitFor(() => expect(shapes()).toEqual(["available", "available", "available"]));
      watch.disconnect();
      expect([...seen].filter((shape) => shape.includes("offline"))).toEqual([]);
    },
  );
});
