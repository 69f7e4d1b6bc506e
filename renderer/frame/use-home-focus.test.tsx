// @vitest-environment jsdom
import { useRef } from "preact/hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { useHomeFocus } from "./use-home-focus.ts";

let drawn: Drawn;
afterEach(() => drawn.dispose());

function Panes({ composer }: { readonly composer: boolean }) {
  const panes = useRef<HTMLDivElement>(null);
  useHomeFocus(panes);
  return (
    <div ref={panes}>
      <section class="list-pane">
        <input aria-label="find" />
      </section>
      <button type="button">other</button>
      {composer && (
        <div class="composer-box">
          <textarea aria-label="write" />
        </div>
      )}
    </div>
  );
}
const focused = (): string | null | undefined => document.activeElement?.getAttribute("aria-label");

describe("focus that nothing has", () => {
  it.each([
    [true, "write"],
    [false, "find"],
  ])("goes where somebody goes on, from the first moment and when what had it is gone (%s)", async (composer, home) => {
    drawn = draw({}, () => <Panes composer={composer} />);
    expect(focused()).toBe(home);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    expect(document.activeElement).toBe(document.body);
    drawn.app.ui.focusHome.value++;
    await vi.waitFor(() => expect(focused()).toBe(home));
  });

  it("is taken from nobody", async () => {
    drawn = draw({}, () => <Panes composer={true} />);
    const other = drawn.root.querySelector("button");
    other?.focus();
    drawn.app.ui.focusHome.value++;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    expect(document.activeElement).toBe(other);
  });
});
