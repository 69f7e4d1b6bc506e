/**
 * Arrows down that were pressed in a search box before the list under it was that of its text. They wait for the list,
 * and none of them is lost.
 */
export class EarlyArrows {
  #count = 0;
  #box: Element | null = null;

  /** One more, in the box that has the focus. */
  press(): void {
    if (this.#box !== document.activeElement) this.#count = 0;
    this.#box = document.activeElement;
    this.#count++;
  }

  forget(): void {
    this.#count = 0;
  }

  /** Follows them into the list that is there now, unless the focus has gone elsewhere: `enter` takes the first. */
  follow(enter: () => void): void {
    const further = this.#count - 1;
    this.#count = 0;
    if (further < 0 || this.#box !== document.activeElement) return;
    enter();
    for (let each = 0; each < further; each++) {
      const key = new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(key);
    }
  }
}
