// @vitest-environment jsdom
import { afterEach, describe, expect, it } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

let drawn: Drawn;
afterEach(() => drawn.dispose());

function Keys() {
  useShortcuts(none);
  return <p>drawn</p>;
}
const none = (): readonly never[] => [];
const press = (key: string): boolean =>
  window.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true, cancelable: true }));

describe("the window's shortcuts", () => {
  it("count from the moment that the window is drawn", () => {
    drawn = draw({}, () => <Keys />);
    press(",");
    expect(drawn.app.ui.view.value).toBe("settings");
  });

  it("do nothing behind a dialog", () => {
    drawn = draw({}, () => <Keys />);
    drawn.app.ui.dialog.value = { kind: "add-contact" };
    press(",");
    expect(drawn.app.ui.view.value).toBe("people");
  });

  it("are gone with the window", () => {
    drawn = draw({}, () => <Keys />);
    drawn.dispose();
    press(",");
    expect(drawn.app.ui.view.value).toBe("people");
  });
});
