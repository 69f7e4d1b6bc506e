// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { FocusKeeper } from "./focus-keeper.ts";
import { useFocusKeeper } from "./use-focus-keeper.ts";

const focused = (): string => document.activeElement?.id || (document.activeElement?.tagName ?? "");
const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no ${id}`);
  return found;
};
const piece = (html: string): DocumentFragment => document.createRange().createContextualFragment(html);
const leads = (id: string): Promise<void> => vi.waitFor(() => expect(focused()).toBe(id));
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("the keeper of the focus", () => {
  let keeper: FocusKeeper;
  beforeEach(() => {
    keeper = new FocusKeeper(document);
  });
  afterEach(() => {
    keeper.dispose();
    document.body.replaceChildren();
  });
  const show = (html: string): void => {
    document.body.replaceChildren(piece(html));
  };
  const item = (id: string): string =>
    `<li id="${id}" tabindex="-1"><button id="${id}-yes" class="primary">Yes</button><button id="${id}-no">No</button></li>`;

  it("hands it to the neighbour that takes the place, to the one before at the end, and to the heading of what is empty", async () => {
    show(
      `<section><h1 id="title" tabindex="-1">Requests</h1><div><ul id="list">${item("a")}${item("b")}${item("c")}</ul></div></section>`,
    );
    element("b-yes").focus();
    element("b").remove();
    await leads("c");
    element("c-no").focus();
    element("c").remove();
    await leads("a");
    element("a-yes").focus();
    element("list").remove();
    await leads("title");
  });

  it("hands it to no button that decides something", async () => {
    show(`<section><div id="row"><button id="gone">x</button><button class="danger" id="delete">Delete</button>
      <button type="submit" id="send">Send</button><button aria-disabled="true" id="busy">Wait</button><a href="#" id="more">More</a></div></section>`);
    element("gone").focus();
    element("gone").remove();
    await leads("more");
  });

  it("goes back to where it was where its whole region is gone: a menu, and the dialog that it led to", async () => {
    show(
      `<main><section><button id="row">Row</button></section><section><textarea id="elsewhere"></textarea></section></main>`,
    );
    element("elsewhere").focus();
    element("row").focus();
    document
      .querySelector("main")
      ?.append(piece('<div role="menu" id="menu"><button id="entry">Rename</button></div>'));
    element("entry").focus();
    document.body.append(
      piece('<dialog open id="dialog"><h2 data-heading tabindex="-1">Rename</h2><input id="name" /></dialog>'),
    );
    element("menu").remove();
    element("name").focus();
    element("dialog").remove();
    await leads("row");
  });

  it("knows the way back over 16 places, and not over one more", async () => {
    const backOver = async (places: number): Promise<string> => {
      const rooms = Array.from(
        { length: places },
        (_, n) => `<section id="s${n}"><button id="b${n}">x</button></section>`,
      );
      // Nothing but having had it before leads to a button that decides.
      show(`<section><button class="danger" id="delete">Delete</button></section>${rooms.join("")}`);
      element("delete").focus();
      for (let n = 0; n < places; n++) element(`b${n}`).focus();
      for (let n = 0; n < places; n++) element(`s${n}`).remove();
      keeper.check();
      await settled();
      return focused();
    };
    expect([await backOver(15), await backOver(16)]).toEqual(["delete", "BODY"]);
  });

  it("stays in a dialog that is open: with a neighbour, else at its heading", async () => {
    show(`<section><button id="behind">UnlockedParts</button></section>
      <dialog open><h2 id="heading" data-heading tabindex="-1">Export</h2><form id="form"><button id="go">Go</button><input id="field" /></form></dialog>`);
    element("behind").focus();
    element("go").focus();
    element("go").remove();
    await leads("field");
    element("form").remove();
    await leads("heading");
  });

  it.each([
    ["disabled", () => element("gone").setAttribute("disabled", "")],
    ["blurred by the page", () => element("gone").blur()],
  ])("notices what is %s", async (_how, lose) => {
    show(`<section><button id="before">Before</button><button id="gone">Gone</button></section>`);
    element("gone").focus();
    lose();
    // jsdom keeps the focus on what is disabled; a browser lets go of it.
    if (document.activeElement !== document.body) element("gone").blur();
    await vi.waitFor(() => expect(["before", "gone"]).toContain(focused()));
  });

  it("takes the row that has the tab stop in lists with only one", async () => {
    show(
      `<section><div role="tree" id="tree"><div role="treeitem" tabindex="-1" id="one">One</div><div role="treeitem" tabindex="0" id="two">Two</div></div></section>`,
    );
    element("two").focus();
    element("two").remove();
    element("tree").append(piece('<div role="treeitem" tabindex="0" id="three">Three</div>'));
    await leads("three");
  });

  it("leaves it to whoever clicks beside everything, until the focus is somewhere again", async () => {
    show(`<section><button id="one">One</button><button id="two">Two</button></section>`);
    element("one").focus();
    document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    element("one").blur();
    document.body.dispatchEvent(new Event("pointerup", { bubbles: true }));
    await settled();
    expect(focused()).toBe("BODY");
    element("two").focus();
    element("two").remove();
    await leads("one");
  });

  it("looks once more before a key goes anywhere, and takes the focus from nobody", async () => {
    show(`<section><button id="one">One</button><button id="two">Two</button></section>`);
    element("one").focus();
    element("two").focus();
    element("one").remove();
    await settled();
    expect(focused()).toBe("two");
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
    expect(focused()).toBe("two");
  });

  it("ends with its window", async () => {
    show(`<section><button id="one">One</button><button id="two">Two</button></section>`);
    element("one").focus();
    keeper.dispose();
    element("one").remove();
    await settled();
    expect(focused()).toBe("BODY");
  });
});

describe("focus that nothing has had yet", () => {
  let drawn: Drawn;
  afterEach(() => drawn.dispose());

  function Panes({ composer }: { readonly composer: boolean }) {
    useFocusKeeper();
    return (
      <div>
        <section class="list-pane">
          <input id="find" />
        </section>
        <button type="button" id="other">
          other
        </button>
        {composer && (
          <div class="composer-box">
            <textarea id="write" />
          </div>
        )}
      </div>
    );
  }

  it.each([
    [true, "write"],
    [false, "find"],
  ])("goes where somebody goes on, from the first moment (composer: %s)", (composer, home) => {
    drawn = draw({}, () => <Panes composer={composer} />);
    expect(focused()).toBe(home);
  });

  it.each([
    ["Enter", true],
    ["ArrowDown", false],
  ])("comes to the message field with no %s that is pressed once more (held: %s)", async (key, isHeld) => {
    drawn = draw({}, () => <Panes composer={true} />);
    const press = (at: HTMLElement): boolean =>
      at.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    const other = element("other");
    other.focus();
    other.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    other.remove();
    await leads("write");
    expect(press(element("write"))).toBe(!isHeld);
    // Who writes knows where.
    element("write").dispatchEvent(new InputEvent("input", { bubbles: true }));
    expect(press(element("write"))).toBe(true);
  });

  it("is taken from nobody when it is asked for", async () => {
    drawn = draw({}, () => <Panes composer={true} />);
    element("other").focus();
    drawn.app.ui.focusHome.value++;
    await settled();
    expect(focused()).toBe("other");
    element("other").remove();
    await vi.waitFor(() => expect(focused()).not.toBe("BODY"));
  });
});
