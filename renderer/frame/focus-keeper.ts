/** A place in a container: what stood there may be gone, and what stands there now is its neighbour. */
interface Position {
  readonly container: Element;
  readonly index: number;
}

/** An element that had the focus, with its places in what surrounds it, the innermost first. */
interface Trail {
  readonly element: HTMLElement;
  positions: readonly Position[];
}

/** Elements beyond which nothing is a neighbour: the focus goes back to where it was before. */
const regions = 'dialog, section, nav, main, [role="menu"], [role="log"], [data-region]';
const focusable = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex]";
/** Lists in which one row has the tab stop: they say which. */
const roving = '[role="tree"], [data-roving]';
/** Elements that decide something: a key that is pressed once more must not answer the next question. */
const decides = '.primary, .danger, .danger-quiet, .menu-danger, [type="submit"], [aria-disabled="true"]';
/**
 * Where somebody goes on, the first that can be seen: the message that is being written, the list, or the page's
 * heading.
 */
const homes = [
  ".composer-box textarea",
  '.list-pane :is(input, [tabindex="0"], button)',
  "h1[tabindex], [data-heading]",
  "main :is(input, button)",
] as const;
const maxTrails = 16;

/**
 * Keeper of the focus of a window: when what had it is gone, hidden or disabled, its neighbour takes it, or whatever
 * had it before. Keys always go somewhere that can be seen. Whoever takes the focus away with the pointer, by a click
 * beside everything, has said so. `onTaken` is told of each element that got the focus so.
 */
export class FocusKeeper {
  readonly #target: Document;
  readonly #onTaken: ((element: HTMLElement) => void) | undefined;
  readonly #trails: Trail[] = [];
  readonly #observer = new MutationObserver(() => this.check());
  readonly #listening = new AbortController();
  #isPressing = false;
  #isReleased = false;

  constructor(target: Document, onTaken?: (element: HTMLElement) => void) {
    this.#target = target;
    this.#onTaken = onTaken;
    this.#observer.observe(target, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["class", "hidden", "disabled", "inert", "open"],
    });
    const how = { capture: true, signal: this.#listening.signal };
    target.addEventListener("focusin", (event) => this.#note(event), how);
    target.addEventListener("focusout", (event) => this.#leave(event), how);
    target.addEventListener("pointerdown", () => this.#press(), how);
    for (const kind of ["pointerup", "pointercancel"] as const)
      target.addEventListener(kind, () => this.#release(), how);
    // Whatever was missed is found before the key goes anywhere.
    target.addEventListener("keydown", () => this.check(), how);
  }

  /** Looks at once. */
  check(): void {
    const last = this.#trails.at(-1);
    if (this.#isLost()) {
      if (!this.#isReleased) this.#recover();
    } else if (last?.element === this.#target.activeElement) last.positions = positionsOf(last.element);
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#listening.abort();
  }

  #isLost(): boolean {
    return this.#target.activeElement === null || this.#target.activeElement === this.#target.body;
  }

  #note({ target: element }: FocusEvent): void {
    if (!(element instanceof HTMLElement) || element === this.#target.body) return;
    const trails = this.#trails;
    this.#isReleased = false;
    const known = trails.findIndex((trail) => trail.element === element);
    if (known !== -1) trails.splice(known, 1);
    trails.push({ element, positions: positionsOf(element) });
    if (trails.length > maxTrails) trails.shift();
  }

  #leave({ target: element, relatedTarget }: FocusEvent): void {
    if (relatedTarget !== null) return;
    if (this.#isPressing && element instanceof HTMLElement && element.isConnected && isSeen(element))
      this.#isReleased = true;
    queueMicrotask(() => this.check());
  }

  #press(): void {
    this.#isPressing = true;
  }

  #release(): void {
    setTimeout(() => {
      this.#isPressing = false;
    });
  }

  #recover(): void {
    const target = this.#target;
    const modal = [...target.querySelectorAll("dialog[open]")].at(-1);
    const take = (element: HTMLElement | null | undefined): boolean => {
      if (!element?.isConnected || (modal !== undefined && !modal.contains(element)) || !isSeen(element)) return false;
      element.focus({ preventScroll: true });
      if (target.activeElement !== element) return false;
      this.#onTaken?.(element);
      return true;
    };
    for (const { element, positions } of this.#trails.toReversed())
      if (take(element) || positions.some((position) => neighbours(position).some(take))) return;
    if (modal) take(modal.querySelector<HTMLElement>("[data-heading]"));
    else homes.some((home) => [...target.querySelectorAll<HTMLElement>(home)].some(take));
  }
}

function positionsOf(element: Element): readonly Position[] {
  const positions: Position[] = [];
  for (let child = element; child.parentElement !== null; child = child.parentElement) {
    const container = child.parentElement;
    positions.push({ container, index: [...container.children].indexOf(child) });
    if (container.matches(regions)) break;
  }
  return positions;
}

/** Elements that may take the focus of one that is gone, the nearest first: those after it, then those before. */
function neighbours({ container, index }: Position): readonly HTMLElement[] {
  if (!container.isConnected) return [];
  if (container.matches(roving)) {
    const stop = container.querySelector<HTMLElement>('[tabindex="0"]');
    if (stop !== null) return [stop];
  }
  const children = [...container.children];
  return [...children.slice(index), ...children.slice(0, index).reverse()].flatMap((child) => {
    const stop = child.matches(focusable)
      ? child
      : (child.querySelector("h1[tabindex], h2[tabindex]") ?? firstHarmless(child));
    return stop instanceof HTMLElement && !stop.matches(decides) ? [stop] : [];
  });
}

function firstHarmless(element: Element): Element | undefined {
  const rows = element.matches(roving) ? element : element.querySelector(roving);
  return (
    rows?.querySelector('[tabindex="0"]') ??
    [...element.querySelectorAll(focusable)].find((one) => !one.matches(decides))
  );
}

/** Where nothing is laid out, everything counts as seen. */
function isSeen(element: Element): boolean {
  return typeof element.checkVisibility !== "function" || element.checkVisibility({ visibilityProperty: true });
}
