import type { Log } from "../../networks/log.ts";
import { sessionBusPath, systemBusPath } from "./bus-address.ts";
import { type BusState, FollowedState } from "./followed-state.ts";
import { MessageBus } from "./message-bus.ts";

/** Time in which a locker says that it locks after logind has asked for it, in milliseconds. */
const confirmedWithin = 10_000;

const login = "org.freedesktop.login1";
const sessionInterface = `${login}.Session`;

/** Lockers of the desktops: service, object. All answer GetActive and say ActiveChanged. */
const lockers = [
  ["org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"],
  ["org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"],
  ["org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"],
  ["org.mate.ScreenSaver", "/org/mate/ScreenSaver"],
  ["org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"],
] as const;

export interface ScreenLockOptions {
  readonly onChange: (locked: boolean) => void;
  readonly log: Log;
  /** Sockets of the buses, where a test has its own. */
  readonly sessionBus?: string;
  readonly systemBus?: string;
}

/**
 * Lock of the screen on Linux, which Electron does not tell there: as the desktop's locker says on the session bus, and
 * as logind does on the system's (LockedHint of the session). Locked is what any of them calls locked.
 */
export class ScreenLock {
  readonly #options: ScreenLockOptions;
  readonly #buses: MessageBus[] = [];
  readonly #locked = new Set<string>();
  #told = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ScreenLockOptions) {
    this.#options = options;
  }

  /** Resolves when every bus that is there is followed. */
  async begin(): Promise<void> {
    const { sessionBus = sessionBusPath(process.env), systemBus = systemBusPath } = this.#options;
    await Promise.all([
      this.#follow(sessionBus, (bus) => this.#followLockers(bus)),
      this.#follow(systemBus, (bus) => this.#followSession(bus)),
    ]);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const bus of this.#buses) bus.close();
  }

  async #follow(path: string | undefined, follow: (bus: MessageBus) => Promise<void>): Promise<void> {
    if (path === undefined) return;
    try {
      const bus = await MessageBus.connect(path);
      this.#buses.push(bus);
      if (this.#isClosed) return bus.close();
      await follow(bus);
    } catch (cause) {
      if (!this.#isClosed) this.#options.log.info("a bus does not say when the screen is locked", { cause });
    }
  }

  async #followLockers(bus: MessageBus): Promise<void> {
    for (const [service, path] of lockers) {
      const state: BusState = {
        service,
        signals: [{ sender: service, interface: service, member: "ActiveChanged", path }],
        ask: async (asked) =>
          (await asked.call({ destination: service, path, interface: service, member: "GetActive" }))[0] === true,
      };
      await new FollowedState(bus, state, (locked) => this.#set(service, locked)).begin();
    }
  }

  async #followSession(bus: MessageBus): Promise<void> {
    const manager = { destination: login, path: "/org/freedesktop/login1", interface: `${login}.Manager` };
    // Also for a program that the person's service manager has started, outside of the session (sd-login, "auto").
    const [path] = await bus.call({ ...manager, member: "GetSession", args: ["auto"] });
    if (typeof path !== "string") return;
    const session = { destination: login, path, interface: sessionInterface };
    const properties = "org.freedesktop.DBus.Properties";
    const state: BusState = {
      service: login,
      signals: [{ sender: login, interface: properties, member: "PropertiesChanged", path, arg0: sessionInterface }],
      ask: async (asked) => (await asked.property(session, "LockedHint")) === true,
    };
    await new FollowedState(bus, state, (locked) => this.#set(login, locked)).begin();
    const signal = { sender: login, interface: sessionInterface, path };
    await bus.listen({ ...signal, member: "Lock" }, () => this.#requested());
    await bus.listen({ ...signal, member: "Unlock" }, () => this.#set("request", false));
  }

  /** Logind asks for the lock; many lockers (i3lock) never say more, so the lock counts for a moment. */
  #requested(): void {
    this.#set("request", true);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#set("request", false), confirmedWithin);
    this.#timer.unref();
  }

  #set(source: string, locked: boolean): void {
    if (locked) this.#locked.add(source);
    else this.#locked.delete(source);
    const now = this.#locked.size > 0;
    if (now === this.#told || this.#isClosed) return;
    this.#told = now;
    this.#options.onChange(now);
  }
}
