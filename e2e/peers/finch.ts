import { execFile, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { waitForSocket } from "../servers/ports.ts";
import { type RunFolder, serverUser } from "../servers/run-folder.ts";
import { startProcess } from "../servers/server-process.ts";
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
  const bus = startProcess({
    command: "dbus-daemon",
    args: busArguments(folder),
    folder: folder.path,
    log: join(folder.path, "bus.log"),
  });
  try {
    await waitForSocket(busSocket(folder), patience, bus.ended);
  } catch (error) {
    await bus.stop();
    await folder.remove();
    throw error;
  }
  const environment = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${busSocket(folder)}` };
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: folder.path, LANG: "C.UTF-8", ...environment };
  const user = serverUser();
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  const call = async (method: string, ...args: readonly string[]): Promise<string> =>
    (
      await run(
        "dbus-send",
        [
          ...service.slice(0, 1),
          "--print-reply=literal",
          ...service.slice(1),
          `im.pidgin.purple.PurpleInterface.${method}`,
          ...args,
        ],
        {
          env,
          ...identity,
        },
      )
    ).stdout.trim();
  const number = async (method: string, ...args: readonly string[]): Promise<number> =>
    Number((await call(method, ...args)).replace(/^.*?(-?\d+)\s*$/s, "$1"));

  const signals: string[] = [];
  const listeners = new Set<() => void>();
  const monitor = spawn("dbus-monitor", ["--session", "type='signal',interface='im.pidgin.purple.PurpleInterface'"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
    ...identity,
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

  const signal = (fits: RegExp, within = patience): Promise<string> =>
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
  const own = async (): Promise<string> =>
    `int32:${await number("PurpleAccountsFind", `string:${account.address}`, "string:prpl-simple")}`;
  try {
    await retried(async () => {
      if ((await number("PurpleAccountIsConnected", await own())) !== 1) throw new Error("finch is not signed in");
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const buddy = async (address: string): Promise<string> =>
    `int32:${await number("PurpleFindBuddy", await own(), `string:sip:${address}`)}`;

  return {
    address: account.address,
    signals,
    signal,
    async say(to, body) {
      const conversation = await number(
        "PurpleConversationNew",
        `int32:${instantMessage}`,
        await own(),
        `string:sip:${to}`,
      );
      const im = await number("PurpleConvIm", `int32:${conversation}`);
      await call("PurpleConvImSend", `int32:${im}`, `string:${body}`);
    },
    isOnline: async (address) => (await number("PurpleBuddyIsOnline", await buddy(address))) === 1,
    async setStatus(kind) {
      const primitive = { offline: 1, available: 2, away: 5 }[kind];
      const saved = await number("PurpleSavedstatusNew", "string:", `int32:${primitive}`);
      await call("PurpleSavedstatusActivate", `int32:${saved}`);
    },
    stop,
  };
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
