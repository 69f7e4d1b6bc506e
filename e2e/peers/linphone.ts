import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { waitForSocket } from "../servers/ports.ts";
import { createRunFolder } from "../servers/run-folder.ts";
import { startProcess } from "../servers/server-process.ts";
import { openDriver } from "./driver.ts";

const patience = 30_000;
/** Debian's own Python. */
const python = "/usr/bin/python3";
/** LinphoneRegistrationState: the server has taken the registration. */
const registered = 2;

export type LinphoneEvent = Readonly<Record<string, unknown>> & { readonly name: string };

/** A SIP client that nobody here wrote: liblinphone, all of Linphone but its window (linphone-driver.py). */
export interface Linphone {
  readonly address: string;
  say(to: string, body: string): Promise<void>;
  /** State that it knows of its own message, by its text. */
  state(body: string): Promise<string>;
  typing(to: string): Promise<void>;
  /** Reads all of a chat, as somebody who opens it. */
  read(to: string): Promise<void>;
  call(to: string): Promise<void>;
  /** Resolves with the first event, past or to come, that fits. */
  event(fits: (event: LinphoneEvent) => boolean): Promise<LinphoneEvent>;
  stop(): Promise<void>;
}

export const linphoneMissing = (): string | undefined =>
  existsSync(python) &&
  ["x86_64", "aarch64"].some((machine) => existsSync(`/usr/lib/${machine}-linux-gnu/liblinphone.so.10`))
    ? undefined
    : "not installed: liblinphone";

interface Account {
  readonly address: string;
  readonly password: string;
  /** The server's, on loopback. */
  readonly port: number;
}

/** Starts liblinphone and resolves when it is signed in. */
export async function startLinphone(account: Account): Promise<Linphone> {
  const folder = await createRunFolder("linphone");
  const at = (name: string): string => join(folder.path, name);
  for (const made of [".local", ".local/share", ".local/share/linphone"].map(at)) {
    await mkdir(made);
    await folder.give(made);
  }
  await copyFile(new URL("linphone-driver.py", import.meta.url), at("driver.py"));
  await writeFile(at("linphonerc"), configuration(account), { mode: 0o600 });
  for (const name of ["driver.py", "linphonerc"]) await folder.give(at(name));
  const program = startProcess({
    command: python,
    args: [at("driver.py"), at("socket"), at("linphonerc")],
    folder: folder.path,
    log: at("log"),
  });
  const leave = async (): Promise<void> => {
    await program.stop();
    await folder.remove();
  };
  try {
    await waitForSocket(at("socket"), patience, program.ended);
    const { ask, event, close } = await openDriver("linphone", at("socket"));
    const uri = (address: string): string => `sip:${address}`;
    await event<LinphoneEvent>(({ name, state }) => name === "registration" && state === registered);
    return {
      address: account.address,
      event,
      say: async (to, body) => void (await ask("say", { to: uri(to), body })),
      state: async (body) => String(await ask("state", { body })),
      typing: async (to) => void (await ask("compose", { to: uri(to) })),
      read: async (to) => void (await ask("read", { to: uri(to) })),
      async call(to) {
        if ((await ask("call", { to: uri(to) })) !== true) throw new Error("linphone cannot begin a call");
      },
      async stop() {
        close();
        await leave();
      },
    };
  } catch (error) {
    const log = await readFile(at("log"), "utf8").catch(() => "");
    await leave();
    throw new Error(`linphone does not sign in: ${log.slice(-2_000)}`, { cause: error });
  }
}

/** No sound, no media, and no guess about the network: it is there. */
function configuration({ address, password, port }: Account): string {
  const [user = "", domain = ""] = address.split("@");
  const sections: Readonly<Record<string, readonly string[]>> = {
    sip: [
      "sip_port=-2",
      "sip_tcp_port=-2",
      "sip_tls_port=-2",
      "default_proxy=0",
      "register_only_when_network_is_up=0",
      "guess_hostname=0",
      `contact=<sip:${user}@127.0.0.1>`,
      "ipv6_migration_done=1",
    ],
    proxy_0: [
      `reg_proxy=<sip:127.0.0.1:${port};transport=tcp>`,
      `reg_route=<sip:127.0.0.1:${port};transport=tcp;lr>`,
      `reg_identity=<sip:${address}>`,
      "reg_expires=300",
      "reg_sendregister=1",
      "publish=1",
    ],
    auth_info_0: [`username=${user}`, `passwd=${password}`, `realm=${domain}`, `domain=${domain}`],
    misc: ["prefer_basic_chat_room=1"],
    video: ["capture=0", "display=0"],
    sound: ["disable_record_on_mute=0"],
  };
  return Object.entries(sections)
    .map(([name, lines]) => [`[${name}]`, ...lines, ""].join("\n"))
    .join("\n");
}
