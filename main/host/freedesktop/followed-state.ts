import type { MatchRule, MessageBus } from "./message-bus.ts";

/** A yes or no of a service on a bus, and the signals after which it may be another. */
export interface BusState {
  readonly service: string;
  readonly signals: readonly MatchRule[];
  /** Rejects where the service is not there: no. */
  readonly ask: (bus: MessageBus) => Promise<boolean>;
}

/** Follows such a state: `onChange` gets its value at first, and each other value later. Ends with the bus. */
export class FollowedState {
  readonly #bus: MessageBus;
  readonly #state: BusState;
  readonly #onChange: (value: boolean) => void;
  #value: boolean | undefined;
  #asking: Promise<void> | undefined;
  #isStale = false;

  constructor(bus: MessageBus, state: BusState, onChange: (value: boolean) => void) {
    this.#bus = bus;
    this.#state = state;
    this.#onChange = onChange;
  }

  /** Resolves when the first value has been told. */
  async begin(): Promise<void> {
    const { service, signals } = this.#state;
    const bus = "org.freedesktop.DBus";
    const owner = { sender: bus, interface: bus, member: "NameOwnerChanged", arg0: service };
    for (const rule of [owner, ...signals]) await this.#bus.listen(rule, () => void this.#look());
    await this.#look();
  }

  /** Asks once more; a signal meanwhile has it ask again, so that the last answer is younger than the last signal. */
  #look(): Promise<void> {
    this.#isStale = true;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      const value = await this.#state.ask(this.#bus).catch(() => false);
      if (value === this.#value) continue;
      this.#value = value;
      this.#onChange(value);
    }
  }
}
