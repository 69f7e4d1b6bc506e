import type { HostNotification } from "../host.ts";
import type { Delivery } from "./bridge.ts";

/** Clicks are remembered for this many notifications. */
const maxNotifications = 200;

/** Notifications that the page shows, by number; its report of a click comes back here. */
export class PageNotifications {
  readonly #deliver: (delivery: Delivery) => void;
  readonly #clicks = new Map<number, () => void>();
  #last = 0;

  constructor(deliver: (delivery: Delivery) => void) {
    this.#deliver = deliver;
  }

  show({ tag, title, body, silent, onClick }: HostNotification): void {
    const number = ++this.#last;
    this.#clicks.set(number, onClick);
    for (const old of this.#clicks.keys()) {
      if (this.#clicks.size <= maxNotifications) break;
      this.#clicks.delete(old);
    }
    this.#deliver({ kind: "notify", number, tag, title, body, silent });
  }

  clicked(number: number): void {
    const onClick = this.#clicks.get(number);
    this.#clicks.delete(number);
    onClick?.();
  }

  close(tag: string): void {
    this.#deliver({ kind: "close-notification", tag });
  }

  clear(): void {
    this.#clicks.clear();
    this.#deliver({ kind: "clear-notifications" });
  }
}
