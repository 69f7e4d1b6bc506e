import { execFile, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { waitForSocket } from "../servers/ports.ts";
import { type RunFolder, serverUser } from "../servers/run-folder.ts";
import { type ServerProcess, startProcess } from "../servers/server-process.ts";
import { missing, startTerminal, terminalFolder } from "./terminal.ts";

const run = promisify(execFile);
const patience = 30_000;
const service = ["--session", "--dest=im.pidgin.purple.PurpleService", "/im/pidgin/purple/PurpleObject"] as const;
const instantMessage = 1;

/** A SIMPLE client that nobody here wrote: finch (libpurple), driven over D-Bus. */
export interface Finch {
  readonly address: string;
  /** Signals that libpurple sent so far, as `name argument argument...`. */
  readonly signals: readonly string[];
  say(to: string, body: string): Promise<void>;
  isOnline(address: string): Promise<boolean>;
  /** Resolves with the first signal, past or to come, that fits. */
  signal(fits: RegExp, within?: number): Promise<string>;
  setStatus(kind: "available" | "away" | "offline"): Promise<void>;
  stop(): Promise<void>;
}

export const finchMissing = (): string | undefined =>
  missing(["finch", "tmux", "dbus-daemon", "dbus-send", "dbus-monitor"]);

interface FinchAccount {
  readonly address: string;
  readonly password: string;
  readonly port: number;
  /** On its contact list from the start: it asks for their presence. */
  readonly buddies: readonly string[];
}

/** Starts finch on a D-Bus of its own and resolves when it is signed in. */
export async function startFinch(account: FinchAccount): Promise<Finch> {
  const folder = await terminalFolder("finch");
  await writePurple(folder, account);
  const bus = await startBus(folder);
  const environment = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${busSocket(folder)}` };
  const user = serverUser();
  const on: BusUser = {
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: folder.path, LANG: "C.UTF-8", ...environment },
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  };
  const purple = new Purple(account.address, on);
  const signals = followSignals(on);
  // the monitor ends with its bus
  const terminal = await startTerminal(`finch -c ${join(folder.path, "purple")}`, folder, environment).catch(
    async (error: unknown) => {
      await bus.stop();
      throw error;
    },
  );
  const stop = async (): Promise<void> => {
    await terminal.stop();
    await bus.stop();
  };
  try {
    await retried(async () => {
      if (!(await purple.isSignedIn())) throw new Error("finch is not signed in");
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address: account.address,
    signals: signals.seen,
    signal: signals.wait,
    say: (to, body) => purple.say(to, body),
    isOnline: (address) => purple.isOnline(address),
    setStatus: (kind) => purple.setStatus(kind),
    stop,
  };
}

async function startBus(folder: RunFolder): Promise<ServerProcess> {
  const bus = startProcess({
    command: "dbus-daemon",
    args: busArguments(folder),
    folder: folder.path,
    log: join(folder.path, "bus.log"),
  });
  try {
    await waitForSocket(busSocket(folder), patience, bus.ended);
    return bus;
  } catch (error) {
    await bus.stop();
    await folder.remove();
    throw error;
  }
}

/** The way of a program to the bus: under whose name, and with which environment. */
interface BusUser {
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** The functions of libpurple that are called over D-Bus, for one account. */
class Purple {
  readonly #address: string;
  readonly #user: BusUser;

  constructor(address: string, user: BusUser) {
    this.#address = address;
    this.#user = user;
  }

  async isSignedIn(): Promise<boolean> {
    return (await this.#number("PurpleAccountIsConnected", await this.#own())) === 1;
  }

  async say(to: string, body: string): Promise<void> {
    const type = `int32:${instantMessage}`;
    const conversation = await this.#number("PurpleConversationNew", type, await this.#own(), `string:sip:${to}`);
    const im = await this.#number("PurpleConvIm", `int32:${conversation}`);
    await this.#call("PurpleConvImSend", `int32:${im}`, `string:${body}`);
  }

  async isOnline(address: string): Promise<boolean> {
    const buddy = await this.#number("PurpleFindBuddy", await this.#own(), `string:sip:${address}`);
    return (await this.#number("PurpleBuddyIsOnline", `int32:${buddy}`)) === 1;
  }

  async setStatus(kind: "available" | "away" | "offline"): Promise<void> {
    const primitive = { offline: 1, available: 2, away: 5 }[kind];
    const saved = await this.#number("PurpleSavedstatusNew", "string:", `int32:${primitive}`);
    await this.#call("PurpleSavedstatusActivate", `int32:${saved}`);
  }

  async #own(): Promise<string> {
    return `int32:${await this.#number("PurpleAccountsFind", `string:${this.#address}`, "string:prpl-simple")}`;
  }

  async #number(method: string, ...args: readonly string[]): Promise<number> {
    return Number((await this.#call(method, ...args)).replace(/^.*?(-?\d+)\s*$/s, "$1"));
  }

  async #call(method: string, ...args: readonly string[]): Promise<string> {
    const call = [
      ...service.slice(0, 1),
      "--print-reply=literal",
      ...service.slice(1),
      `im.pidgin.purple.PurpleInterface.${method}`,
      ...args,
    ];
    return (await run("dbus-send", call, { ...this.#user })).stdout.trim();
  }
}

interface Signals {
  readonly seen: readonly string[];
  readonly wait: Finch["signal"];
}

function followSignals(user: BusUser): Signals {
  const signals: string[] = [];
  const listeners = new Set<() => void>();
  const monitor = spawn("dbus-monitor", ["--session", "type='signal',interface='im.pidgin.purple.PurpleInterface'"], {
    ...user,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let current: string | undefined;
  createInterface({ input: monitor.stdout }).on("line", (line) => {
    const member = /^signal .*member=(\w+)/.exec(line)?.[1];
    if (member !== undefined) current = signals[signals.push(member) - 1];
    else if (current !== undefined) {
      const value = /^\s+\w+ (?:"(.*)"|(\S+))$/.exec(line) ?? /^\s+string "(.*)$/.exec(line);
      current = `${current} ${value?.[1] ?? value?.[2] ?? line.trim()}`;
      signals[signals.length - 1] = current;
    }
    for (const listener of listeners) listener();
  });

  const wait = (fits: RegExp, within = patience): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = signals.find((candidate) => fits.test(candidate));
        if (found === undefined) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`finch did not signal ${fits}; its last signals:\n${signals.slice(-20).join("\n")}`));
      }, within);
      listeners.add(look);
      look();
    });
  return { seen: signals, wait };
}

async function writePurple(folder: RunFolder, account: FinchAccount): Promise<void> {
  const purple = join(folder.path, "purple");
  await mkdir(purple);
  await folder.give(purple);
  const setting = (name: string, type: "string" | "int" | "bool", value: string | number): string =>
    `<setting name='${name}' type='${type}'>${value}</setting>`;
  const settings = [
    setting("port", "int", account.port),
    setting("transport", "string", "tcp"),
    setting("useproxy", "bool", 1),
    setting("proxy", "string", "127.0.0.1"),
    setting("dopublish", "bool", 1),
    setting("doautopublish", "bool", 1),
  ];
  const status = "<status type='available' name='Available' active='true'><attributes/></status>";
  const ui = "<settings ui='gnt-purple'><setting name='auto-login' type='bool'>1</setting></settings>";
  const accounts = `<?xml version='1.0' encoding='UTF-8' ?>
<account version='1.0'><account><protocol>prpl-simple</protocol><name>${account.address}</name><password>${account.password}</password>
<statuses>${status}</statuses><settings>${settings.join("")}</settings>${ui}</account></account>`;
  const buddies = account.buddies.map(
    (address) =>
      `<contact><buddy account='${account.address}' proto='prpl-simple'><name>sip:${address}</name></buddy></contact>`,
  );
  const list = `<?xml version='1.0' encoding='UTF-8' ?>\n<purple version='1.0'><blist><group name='Buddies'>${buddies.join("")}</group></blist><privacy/></purple>`;
  for (const [name, text] of [
    ["accounts.xml", accounts],
    ["blist.xml", list],
  ] as const) {
    const file = join(purple, name);
    await writeFile(file, text, { mode: 0o600 });
    await folder.give(file);
  }
}

const busSocket = (folder: RunFolder): string => join(folder.path, "bus");
const busArguments = (folder: RunFolder): readonly string[] => [
  "--session",
  "--nofork",
  `--address=unix:path=${busSocket(folder)}`,
];

async function retried(attempt: () => Promise<void>): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
