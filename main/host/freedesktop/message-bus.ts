import { connect, type Socket } from "node:net";
import { type DbusCall, type DbusMessage, maxMessageLength, takeMessage, writeCall } from "./dbus-message.ts";
import type { DbusValue } from "./dbus-values.ts";

/** How long the bus and its services are waited for, in milliseconds. */
const patience = 5_000;
/** Calls that may wait at once: signals of a service that floods the bus start no more. */
const maxCalls = 100;

/** The bus itself, as a service. */
const driver = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
};

/** Signals that are listened to, all of one sender. */
export interface MatchRule {
  /** Well-known name of the service. */
  readonly sender: string;
  readonly interface: string;
  readonly member?: string;
  readonly path?: string;
  /** First argument, a text. */
  readonly arg0?: string;
}

interface Waiting {
  readonly resolve: (body: readonly DbusValue[]) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A connection to a D-Bus message bus of this computer. It asks services and listens to their signals, and offers
 * nothing itself.
 *
 *   connecting --"OK"--> greeting --Hello answered--> open --end of the socket, close()--> closed
 */
export class MessageBus {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<{ readonly rule: MatchRule; readonly tell: (signal: DbusMessage) => void }>();
  #received = Buffer.alloc(0);
  #isGreeted = false;
  #serial = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** The bus behind a socket (bus-address.ts). Rejects where nobody answers as a bus does. */
  static async connect(path: string): Promise<MessageBus> {
    const socket = connect(path);
    const bus = new MessageBus(socket);
    try {
      await bus.#greet();
      return bus;
    } catch (error) {
      bus.close();
      throw error;
    }
  }

  /** Asks a service that is there already; none is started. Rejects with the service's error, or without an answer. */
  call(call: DbusCall): Promise<readonly DbusValue[]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= maxCalls || this.#socket.destroyed) return reject(new Error("The bus takes no call"));
      this.#serial++;
      const serial = this.#serial;
      const timer = setTimeout(() => this.#answer(serial, new Error(`No answer from ${call.destination}`)), patience);
      timer.unref();
      this.#waiting.set(serial, { resolve, reject, timer });
      this.#socket.write(writeCall(serial, call));
    });
  }

  /** Property of an object (D-Bus Specification, "org.freedesktop.DBus.Properties"). */
  async property(of: Omit<DbusCall, "member" | "args">, name: string): Promise<DbusValue | undefined> {
    const properties = "org.freedesktop.DBus.Properties";
    const [value] = await this.call({ ...of, interface: properties, member: "Get", args: [of.interface, name] });
    return value;
  }

  /** Listens to signals. Resolves with the disposer, once the bus delivers them. */
  async listen(rule: MatchRule, tell: (signal: DbusMessage) => void): Promise<() => void> {
    const listener = { rule, tell };
    this.#listeners.add(listener);
    await this.call({ ...driver, member: "AddMatch", args: [matchText(rule)] });
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#socket.destroy();
    this.#fail(new Error("The connection to the bus has ended"));
    this.#listeners.clear();
  }

  /** Proves who the person is by their user id, which the system vouches for ("EXTERNAL"). */
  async #greet(): Promise<void> {
    const socket = this.#socket;
    // It is no reason for the program to run on.
    socket.unref();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("The bus does not answer")), patience);
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      };
      socket.on("error", settle);
      socket.on("close", () => {
        settle(new Error("The bus has ended the connection"));
        this.close();
      });
      socket.on("data", (chunk: Buffer) => this.#take(chunk, settle));
      const user = Buffer.from(String(process.getuid?.() ?? 0)).toString("hex");
      socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
    });
    await this.call({ ...driver, member: "Hello" });
  }

  #take(chunk: Buffer, greeted: (error?: Error) => void): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    try {
      if (!this.#isGreeted && !this.#takeGreeting(greeted)) return;
      for (let next = takeMessage(this.#received); next; next = takeMessage(this.#received)) {
        this.#received = this.#received.subarray(next.length);
        this.#deliver(next.message);
      }
      if (this.#received.length > maxMessageLength) throw new RangeError("a message is too long");
    } catch {
      // Where one message ends is not known any more.
      this.close();
    }
  }

  /** The bus's answer to EXTERNAL, a line; true: it is there and good. */
  #takeGreeting(greeted: (error?: Error) => void): boolean {
    const end = this.#received.indexOf("\r\n");
    if (end < 0 && this.#received.length < 1_000) return false;
    if (!this.#received.toString("latin1", 0, Math.max(end, 0)).startsWith("OK ")) {
      greeted(new Error("The bus does not let this program in"));
      return false;
    }
    this.#received = this.#received.subarray(end + 2);
    this.#isGreeted = true;
    this.#socket.write("BEGIN\r\n");
    greeted();
    return true;
  }

  #deliver(message: DbusMessage): void {
    if (message.type === "signal") void this.#tell(message);
    else if (message.answers !== undefined)
      this.#answer(message.answers, message.type === "error" ? new Error(message.error) : message.body);
  }

  /**
   * Tells whoever listens to this sender. The bus delivers signals that are addressed to this program from anybody, so
   * the sender is compared with the owner of the name.
   */
  async #tell(signal: DbusMessage): Promise<void> {
    for (const { rule, tell } of [...this.#listeners]) {
      if (rule.interface !== signal.interface || (rule.member ?? signal.member) !== signal.member) continue;
      if ((rule.path ?? signal.path) !== signal.path || (rule.arg0 ?? signal.body[0]) !== signal.body[0]) continue;
      if ((await this.#owner(rule.sender)) === signal.sender) tell(signal);
    }
  }

  /** Unique name of the service; the bus speaks under its own name. */
  async #owner(name: string): Promise<DbusValue | undefined> {
    if (name === driver.destination) return name;
    const [owner] = await this.call({ ...driver, member: "GetNameOwner", args: [name] }).catch(() => []);
    return owner;
  }

  #answer(serial: number, answer: Error | readonly DbusValue[]): void {
    const waiting = this.#waiting.get(serial);
    if (waiting === undefined) return;
    this.#waiting.delete(serial);
    clearTimeout(waiting.timer);
    if (answer instanceof Error) waiting.reject(answer);
    else waiting.resolve(answer);
  }

  #fail(error: Error): void {
    for (const serial of [...this.#waiting.keys()]) this.#answer(serial, error);
  }
}

/** D-Bus Specification, "Match Rules"; no value here has an apostrophe in it. */
function matchText(rule: MatchRule): string {
  return ["type='signal'", ...Object.entries(rule).map(([key, value]) => `${key}='${value}'`)].join(",");
}
