/** Links that the desktop hands over. The last one waits until the program can open links. */
export class LinkInbox {
  #waiting: string | undefined;
  #open: ((link: string) => void) | undefined;

  /** `first`: the link that the program was started with. */
  constructor(first?: string) {
    this.#waiting = first;
  }

  get waiting(): string | undefined {
    return this.#waiting;
  }

  readonly put = (link: string): void => {
    if (this.#open) this.#open(link);
    else this.#waiting = link;
  };

  /** From now on links are opened by this, beginning with the one that waits. */
  openWith(open: (link: string) => void): void {
    this.#open = open;
    const link = this.#waiting;
    this.#waiting = undefined;
    if (link !== undefined) open(link);
  }
}
