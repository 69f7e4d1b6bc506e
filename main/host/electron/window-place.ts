import { readFile } from "node:fs/promises";
import type { Rectangle } from "electron";
import type { Log } from "../../networks/log.ts";
import { writeAtomic } from "../../storage/write-atomic.ts";

/** Place and size of the window between starts, in device-independent pixels. */
export interface WindowPlace extends Rectangle {
  readonly maximized: boolean;
}

/** Size of the window at the first start. */
export const firstSize = { width: 1180, height: 760 } as const;
export const smallestSize = { width: 360, height: 420 } as const;

/** Part of the title bar that must be on a screen for the window to be caught and moved. */
const grip = { width: 100, height: 32 } as const;
/** Bound of a number in the file: no desktop is as large. */
const maxNumber = 100_000;
/** Time without a change after which the place is written, in milliseconds. */
const writeAfter = 500;

/**
 * Bounds in which the window opens: those of last time where they can still be reached on one of `areas` (work areas of
 * the displays), never larger than that area; else the size alone, so that the desktop chooses the place.
 */
export function boundsWithin(
  place: WindowPlace | undefined,
  areas: readonly Rectangle[],
): Rectangle | { readonly width: number; readonly height: number } {
  if (place === undefined) return firstSize;
  const bar = { x: place.x, y: place.y, width: place.width, height: grip.height };
  const area = areas
    .map((each) => ({ each, shared: overlap(bar, each) }))
    .filter(({ shared }) => shared.width >= grip.width && shared.height >= grip.height)
    .toSorted((a, b) => b.shared.width - a.shared.width)[0]?.each;
  if (area === undefined) {
    const [first] = areas;
    return {
      width: within(place.width, smallestSize.width, first?.width),
      height: within(place.height, smallestSize.height, first?.height),
    };
  }
  return {
    x: place.x,
    y: place.y,
    width: within(place.width, smallestSize.width, area.width),
    height: within(place.height, smallestSize.height, area.height),
  };
}

function overlap(a: Rectangle, b: Rectangle): { readonly width: number; readonly height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

function within(value: number, least: number, most = value): number {
  return Math.max(least, Math.min(value, most));
}

/** File in which the place of the window is kept. What cannot be read there is as if there were none. */
export class WindowPlaceFile {
  readonly #path: string;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #next: WindowPlace | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  async read(): Promise<WindowPlace | undefined> {
    const text = await readFile(this.#path, "utf8").catch(() => undefined);
    return text === undefined ? undefined : parsePlace(text);
  }

  /** Writes it when nothing has changed for a moment. */
  keep(place: WindowPlace): void {
    this.#next = place;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), writeAfter);
  }

  /** Resolves when what was kept last is on disk. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    const place = this.#next;
    this.#next = undefined;
    if (place !== undefined) {
      this.#writing = this.#writing.then(() =>
        writeAtomic(this.#path, JSON.stringify(place)).catch((cause: unknown) =>
          this.#log.warn("the place of the window could not be kept", { cause }),
        ),
      );
    }
    await this.#writing;
  }
}

function parsePlace(text: string): WindowPlace | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { x, y, width, height, maximized } = value as Partial<Record<keyof WindowPlace, unknown>>;
  if (!isNumber(x) || !isNumber(y) || !isNumber(width) || !isNumber(height)) return undefined;
  return { x, y, width, height, maximized: maximized === true };
}

function isNumber(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= maxNumber;
}
