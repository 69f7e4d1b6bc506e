import type { ComponentChildren } from "preact";
import { render } from "preact";
import { act } from "preact/test-utils";
import { createApp } from "../app.ts";
import { type AppParts, AppProvider } from "../state/app-context.ts";
import { createFakeMain, type FakeMain } from "./fake-main.ts";
import type { FakeState } from "./fake-store.ts";

/** Something drawn in a test's page over the fake main. */
export interface Drawn {
  readonly fake: FakeMain;
  readonly app: AppParts;
  readonly root: HTMLElement;
  dispose(): void;
}

/** Draws into a new element at the end of the page. jsdom has no layout, so what needs sizes is not tested this way. */
export function draw(state: FakeState, children: (app: AppParts) => ComponentChildren): Drawn {
  const fake = createFakeMain(state);
  const app = createApp(fake.transport, "en-GB");
  const root = document.createElement("div");
  document.body.append(root);
  render(<AppProvider value={app}>{children(app)}</AppProvider>, root);
  return {
    fake,
    app,
    root,
    dispose() {
      // With its effects, which are otherwise undone after the next frame, when the page is gone.
      void act(() => render(null, root));
      root.remove();
      app.dispose();
    },
  };
}

/** Types as a person would: the whole text, as one input event. */
export function type(element: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  element.value = text;
  element.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
