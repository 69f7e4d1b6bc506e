// @vitest-environment jsdom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { VirtualList } from "../../widgets/virtual.ts";
import type { LogItem } from "../messages.ts";
import { type Heading, useHeading } from "./use-heading.ts";

const rows = (...keys: readonly string[]): readonly LogItem[] => keys.map((key) => ({ kind: "start", key }) as LogItem);

/** A list whose rows are all in view as soon as it has gone to one. */
function setUp() {
  const gone: [number, string][] = [];
  const list = {
    range: null as { startIndex: number; endIndex: number } | null,
    scrollOffset: 0,
    getTotalSize: () => 1_000,
    /** Where rows at their place begin. */
    wanted: 0,
    getOffsetForIndex: () => [list.wanted, "end"],
    scrollToIndex: (index: number, { align }: { align: string }) => void gone.push([index, align]),
    cancelScroll: vi.fn(),
  };
  const onArrive = vi.fn();
  const out: { heading?: Heading } = {};
  const Probe = ({ items }: { readonly items: readonly LogItem[] }) => {
    out.heading = useHeading({ list: list as unknown as VirtualList, items, onArrive });
    return null;
  };
  const draw = (...keys: readonly string[]): Promise<void> =>
    act(() => render(<Probe items={rows(...keys)} />, document.body));
  const heading = (): Heading => {
    if (out.heading === undefined) throw new Error("nothing is drawn");
    return out.heading;
  };
  return { gone, list, onArrive, draw, heading };
}

describe("the way to a row", () => {
  afterEach(() => render(null, document.body));

  it("goes on to where the row is once older messages stand before it, and arrives when nothing moves", async () => {
    const { gone, list, onArrive, draw, heading } = setUp();
    await draw("a", "b");
    heading().to("b", "start");
    await draw("y", "z", "a", "b");
    expect(gone).toEqual([
      [1, "start"],
      [3, "start"],
    ]);
    expect(heading().isOnTheWay()).toBe(true);
    expect(heading().isAtRest()).toBe(false);
    expect(onArrive).not.toHaveBeenCalled();
    list.range = { startIndex: 2, endIndex: 3 };
    expect(heading().isOnTheWay()).toBe(false);
    expect(heading().isAtRest()).toBe(false);
    await vi.waitFor(() => expect(onArrive).toHaveBeenCalledOnce());
    expect(heading().isAtRest()).toBe(true);
    await draw("x", "y", "z", "a", "b");
    expect(gone).toHaveLength(2);
  });

  it("begins again where a glide of the browser's own has taken the list on", async () => {
    const { gone, list, onArrive, draw, heading } = setUp();
    await draw("a", "b");
    Object.assign(list, { range: { startIndex: 0, endIndex: 1 }, scrollOffset: 467, wanted: 500 });
    heading().toEnd();
    expect(heading().isOnTheWay()).toBe(true);
    await vi.waitFor(() => expect(gone.length).toBeGreaterThan(1));
    expect(gone[1]).toEqual([1, "end"]);
    expect(onArrive).not.toHaveBeenCalled();
    list.scrollOffset = 499;
    await vi.waitFor(() => expect(onArrive).toHaveBeenCalledOnce());
    expect(heading().isAtRest()).toBe(true);
  });

  it("ends at a message that comes on the way to the end", async () => {
    const { gone, list, onArrive, draw, heading } = setUp();
    await draw("a", "b");
    Object.assign(list, { range: { startIndex: 0, endIndex: 1 }, scrollOffset: 500, wanted: 500 });
    heading().toEnd();
    await draw("a", "b", "c");
    expect(gone).toEqual([
      [1, "end"],
      [2, "end"],
    ]);
    Object.assign(list, { range: { startIndex: 1, endIndex: 2 }, scrollOffset: 540, wanted: 540 });
    await vi.waitFor(() => expect(onArrive).toHaveBeenCalledOnce());
    expect(gone).toHaveLength(2);
    await draw("a", "b", "c", "d");
    expect(gone).toHaveLength(2);
  });

  it("waits for a row that is still to be drawn, and ends for one that has been let go", async () => {
    const { gone, draw, heading } = setUp();
    await draw("a");
    heading().to("b", "start");
    expect(gone).toEqual([]);
    await draw("a", "b");
    expect(gone).toEqual([[1, "start"]]);
    await draw("a");
    expect(heading().isAtRest()).toBe(true);
  });

  it("ends where the person takes the list into their own hand", async () => {
    const { gone, list, draw, heading } = setUp();
    await draw("a", "b");
    heading().to("b", "center");
    expect(list.cancelScroll).not.toHaveBeenCalled();
    heading().leave();
    expect(list.cancelScroll).toHaveBeenCalledOnce();
    await draw("z", "a", "b");
    expect(gone).toEqual([[1, "center"]]);
  });
});
