/** Keep-alives that wait for their answer (RFC 5626 section 4.4). */
export class Pings {
  readonly #waiting = new Set<(answered: boolean) => void>();

  /** Sends one; resolves with whether an answer came in time, in milliseconds. */
  send(write: () => void, timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answered: boolean): void => {
        this.#waiting.delete(settle);
        clearTimeout(timer);
        resolve(answered);
      };
      const timer = setTimeout(() => settle(false), timeout);
      this.#waiting.add(settle);
      write();
    });
  }

  /** An answer came, which answers all that wait; or none will come any more. */
  settle(answered: boolean): void {
    for (const settle of [...this.#waiting]) settle(answered);
  }
}
