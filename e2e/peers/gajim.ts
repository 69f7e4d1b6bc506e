import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { waitForSocket } from "../servers/ports.ts";
import type { World } from "../servers/world.ts";
import { type Desktop, desktopMissing, openDesktop } from "./desktop.ts";
import { openDriver } from "./driver.ts";

const patience = 30_000;
/** Debian's own Python, which its Gajim is made for. */
const python = "/usr/bin/python3";

/** Something that Gajim's program told its windows, with what it says about it. */
export type GajimEvent = Readonly<Record<string, string>> & { readonly name: string };

/**
 * An XMPP client that nobody here wrote: Gajim, whole, with its window on a display of its own, driven from within
 * (gajim-driver.py).
 */
export interface Gajim {
  readonly address: string;
  /** Answers the message's id. `corrects`: the id of the one whose place it takes. */
  say(to: string, body: string, corrects?: string): Promise<string>;
  /** Opens the chat, as somebody who reads it. */
  open(to: string): Promise<void>;
  typing(to: string, active: boolean): Promise<void>;
  /** Invites to a room, directly (XEP-0249). */
  invite(to: string, room: string): Promise<void>;
  /** Sends a message as it stands, through Gajim's own connection. */
  stanza(xml: string): Promise<void>;
  /** Presence that it shows for somebody. */
  presence(of: string): Promise<string>;
  /** Events so far. */
  events(): Promise<readonly GajimEvent[]>;
  /** Resolves with the first event, past or to come, that fits. */
  event(fits: (event: GajimEvent) => boolean): Promise<GajimEvent>;
  stop(): Promise<void>;
}

export const gajimMissing = (): string | undefined => desktopMissing(["gajim"]);

/** Starts Gajim and resolves when it is signed in. */
export async function startGajim(
  world: World,
  account: { readonly address: string; readonly password: string },
): Promise<Gajim> {
  const desktop = await openDesktop("gajim", { zone: world.zone, authorityPem: world.certificates.authority.pem });
  try {
    return await drive(desktop, account);
  } catch (error) {
    const log = await desktop.log("gajim");
    await desktop.stop();
    throw new Error(`Gajim does not sign in: ${log.slice(-2_000)}`, { cause: error });
  }
}

async function drive(
  desktop: Desktop,
  { address, password }: { readonly address: string; readonly password: string },
): Promise<Gajim> {
  const at = (name: string): string => join(desktop.folder.path, name);
  await copyFile(new URL("gajim-driver.py", import.meta.url), at("driver.py"));
  await desktop.folder.give(at("driver.py"));
  const program = desktop.start("gajim", {
    command: python,
    args: [at("driver.py"), at("socket"), at("profile"), address, password],
  });
  await waitForSocket(at("socket"), patience, program.ended);
  const { ask, until, event, close } = await openDriver("Gajim", at("socket"));
  const events = async (): Promise<readonly GajimEvent[]> => (await ask("events")) as readonly GajimEvent[];
  await until("its main window", () => ask("ready").then((ready) => ready || undefined));
  await ask("listen");
  await ask("sign in");
  await until("signed in", () => ask("connected").then((connected) => connected || undefined));
  return {
    address,
    say: async (to, body, corrects) =>
      String(await ask("send", { to, body, ...(corrects === undefined ? {} : { correct_id: corrects }) })),
    open: async (to) => void (await ask("chat", { to })),
    typing: async (to, active) => void (await ask("composing", { to, active })),
    invite: async (to, room) => void (await ask("invite", { to, room })),
    stanza: async (xml) => void (await ask("stanza", { xml })),
    presence: async (of) => String(await ask("presence", { of })),
    events,
    event,
    async stop() {
      close();
      await desktop.stop();
    },
  };
}
