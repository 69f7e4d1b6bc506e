// @vitest-environment jsdom
import { render } from "preact";
import { useRef } from "preact/hooks";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useScrollingByHand } from "./scrolling-by-hand.ts";

const onTake = vi.fn();
const onRest = vi.fn();
let up: { current: boolean };
let list: HTMLElement;

function List() {
  const scroller = useRef<HTMLDivElement>(null);
  up = useRef(false);
  useScrollingByHand({ scroller, up, onTake, onRest });
  return (
    <div ref={scroller}>
      <p>row</p>
    </div>
  );
}

beforeEach(() => {
  onTake.mockReset();
  onRest.mockReset();
  act(() => render(<List />, document.body));
  list = document.body.firstElementChild as HTMLElement;
  list.scrollTop = 500;
});

afterEach(() => {
  act(() => render(null, document.body));
});

describe("a list that is scrolled by hand", () => {
  it.each([
    ["the wheel", () => new WheelEvent("wheel", { deltaY: -100 }), true],
    ["the wheel, down", () => new WheelEvent("wheel", { deltaY: 100 }), false],
    ["a finger", () => new Event("touchmove"), true],
    ["its scroll bar", () => new Event("pointerdown"), true],
    ["Page Up", () => new KeyboardEvent("keydown", { key: "PageUp" }), true],
    ["Page Down", () => new KeyboardEvent("keydown", { key: "PageDown" }), false],
  ] as const)("is taken by %s", (_, event, isUp) => {
    list.dispatchEvent(event());
    expect(onTake).toHaveBeenCalledOnce();
    expect(up.current).toBe(isUp);
  });

  it("is taken by a wheel that the browser has followed to the top before it told of it", () => {
    list.dispatchEvent(new Event("scroll"));
    list.scrollTop = 0;
    list.dispatchEvent(new WheelEvent("wheel", { deltaY: -100 }));
    expect(up.current).toBe(true);
    list.dispatchEvent(new Event("scroll"));
    list.dispatchEvent(new Event("scrollend"));
    expect(onRest).toHaveBeenCalledOnce();
    list.dispatchEvent(new WheelEvent("wheel", { deltaY: -100 }));
    expect(up.current).toBe(false);
  });

  it("is not taken by a press on a row, nor by a key that scrolls nothing", () => {
    list.firstElementChild?.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    list.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
    expect(onTake).not.toHaveBeenCalled();
    expect(up.current).toBe(false);
  });

  it.each([
    ["the wheel that zooms", () => new WheelEvent("wheel", { deltaY: -100, ctrlKey: true })],
    ["a shortcut", () => new KeyboardEvent("keydown", { key: "ArrowUp", ctrlKey: true })],
  ])("is not taken by %s", (_, event) => {
    list.dispatchEvent(event());
    expect(onTake).not.toHaveBeenCalled();
    expect(up.current).toBe(false);
  });

  it("is taken by a key that goes from row to row only where the row was out of view", () => {
    const press = (scrollTop: number): void => {
      const event = new KeyboardEvent("keydown", { key: "ArrowUp", cancelable: true });
      event.preventDefault();
      list.scrollTop = scrollTop;
      list.dispatchEvent(event);
    };
    list.dispatchEvent(new Event("scroll"));
    press(500);
    expect(onTake).not.toHaveBeenCalled();
    expect(up.current).toBe(false);
    press(450);
    expect(onTake).toHaveBeenCalledOnce();
    expect(up.current).toBe(true);
  });

  it("comes to rest once, and has nothing to come to rest from at its top", () => {
    list.dispatchEvent(new WheelEvent("wheel", { deltaY: -100 }));
    list.dispatchEvent(new Event("scrollend"));
    list.dispatchEvent(new Event("scrollend"));
    expect(onRest).toHaveBeenCalledOnce();
    expect(up.current).toBe(false);
    list.scrollTop = 0;
    list.dispatchEvent(new WheelEvent("wheel", { deltaY: -100 }));
    expect(up.current).toBe(false);
  });
});
