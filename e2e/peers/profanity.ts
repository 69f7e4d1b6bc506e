import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { missing, startTerminal, type Terminal, terminalFolder } from "./terminal.ts";

/** An XMPP client that nobody here wrote: profanity, driven as a person does, by what it shows and what is typed. */
export interface Profanity {
  readonly address: string;
  say(to: string, body: string): Promise<void>;
  /** Adds a contact and lets them see our presence. */
  befriend(address: string): Promise<void>;
  /** Lets somebody who asked see our presence. */
  accept(address: string): Promise<void>;
  setPresence(availability: "online" | "away" | "dnd", status: string): Promise<void>;
  /** Opens the window of a chat, so that what arrives there is on the screen. */
  open(address: string): Promise<void>;
  readonly terminal: Terminal;
  stop(): Promise<void>;
}

export const profanityMissing = (): string | undefined => missing(["profanity", "tmux"]);

/** Starts profanity and resolves when it is signed in. */
export async function startProfanity(account: { address: string; password: string; port: number }): Promise<Profanity> {
  const folder = await terminalFolder("profanity");
  const [config, data] = [join(folder.path, "config"), join(folder.path, "data")];
  for (const made of [config, data, join(config, "profanity"), join(data, "profanity")]) {
    await mkdir(made);
    await folder.give(made);
  }
  const accounts = [
    "[peer]",
    "enabled=true",
    `jid=${account.address}`,
    `password=${account.password}`,
    "server=127.0.0.1",
    `port=${account.port}`,
    "tls.policy=trust",
    "resource=profanity",
    "presence.login=online",
    "presence.last=online",
    "presence.online=0",
    "presence.chat=0",
    "presence.away=0",
    "presence.xa=0",
    "presence.dnd=0",
    "",
  ];
  const settings = [
    "[connection]",
    "account=peer",
    "[ui]",
    "correction.allow=true",
    "beep=false",
    "flash=false",
    "splash=false",
    "wins_autotidy=false",
    "[notifications]",
    "message=off",
    "typing=off",
    "[logging]",
    "chlog=false",
    "",
  ];
  for (const [file, lines] of [
    [join(data, "profanity", "accounts"), accounts],
    [join(config, "profanity", "profrc"), settings],
  ] as const) {
    await writeFile(file, lines.join("\n"), { mode: 0o600 });
    await folder.give(file);
  }
  const environment = { XDG_CONFIG_HOME: config, XDG_DATA_HOME: data };
  const terminal = await startTerminal("profanity -a peer", folder, environment);
  try {
    await terminal.shows(/logged in successfully/);
  } catch (error) {
    await terminal.stop();
    throw error;
  }
  return {
    address: account.address,
    terminal,
    say: (to, body) => terminal.line(`/msg ${to} ${body}`),
    async befriend(address) {
      await terminal.line(`/roster add ${address}`);
      await terminal.line(`/sub request ${address}`);
      await terminal.line(`/sub allow ${address}`);
    },
    accept: (address) => terminal.line(`/sub allow ${address}`),
    setPresence: (availability, status) => terminal.line(`/status set ${availability} "${status}"`),
    open: (address) => terminal.line(`/msg ${address}`),
    stop: terminal.stop,
  };
}
