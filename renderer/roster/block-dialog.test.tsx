// @vitest-environment jsdom
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { AccountRecord } from "../../shared/model/account.ts";
import { blocking as english } from "../../shared/words/en/blocking.ts";
import { blocking as french } from "../../shared/words/fr/blocking.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { smallCompany, xmppAccount } from "../dev/people.ts";
import { useApp } from "../state/app-context.ts";
import { BlockDialog } from "./block-dialog.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());
beforeAll(() => {
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.setAttribute("open", "");
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.removeAttribute("open");
  };
});

const [person] = smallCompany().filter(({ accountId }) => accountId === xmppAccount.id);
if (person === undefined) throw new Error("The company has nobody");

/** The dialog once the account is known, and with it what its server can do. */
const Question = () =>
  useApp().replica.accounts.get(xmppAccount.id) === undefined ? undefined : (
    <BlockDialog contactId={person.id} onClose={() => undefined} />
  );

const textWith = async (blocking: AccountRecord["facets"]["blocking"]): Promise<string> => {
  drawn = draw(
    { accounts: [{ ...xmppAccount, facets: { ...xmppAccount.facets, blocking } }], contacts: [person] },
    () => <Question />,
  );
  return await vi.waitFor(() => {
    const text = drawn.root.querySelector("form")?.textContent ?? "";
    expect(text).toContain(english["block.text"]);
    return text;
  });
};

describe("the question before a block", () => {
  it("promises that they can neither see nor call only where the server keeps them away", async () => {
    const text = await textWith({ everyDevice: true });
    expect(text).toContain("can neither call you nor see when you are online");
    expect(text).not.toContain("may still see");
  });

  it("says what they can still do where it does not", async () => {
    const text = await textWith({ everyDevice: false });
    expect(text).toContain("They may still see when you are online, and call your other devices.");
    expect(text).not.toContain("neither");
  });

  it("makes that promise in no text that is always there, in either language", () => {
    for (const words of [english, french]) {
      for (const key of ["block.text", "block.listHint"] as const)
        expect(words[key]).not.toMatch(/call|see|presence|appeler|voir|voient/u);
      expect(words["block.everyDevice"]).toMatch(/see|voir/u);
      expect(words["block.thisDevice"]).toMatch(/may still see|peut encore voir/u);
    }
  });
});
