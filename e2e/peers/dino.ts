import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Zone } from "../servers/dns.ts";
import { serverUser } from "../servers/run-folder.ts";
import { type Desktop, desktopMissing, openDesktop } from "./desktop.ts";
import { comesTo } from "./driver.ts";

const run = promisify(execFile);
const service = ["--session", "--dest", "im.dino.Dino", "--object-path", "/im/dino/Dino"] as const;

/**
 * An XMPP client that nobody here wrote: Dino, with its window on a display of its own, driven by links and keys, and
 * known by what it sends and gets.
 */
export interface Dino {
  readonly address: string;
  /** Opens the chat. */
  open(to: string): Promise<void>;
  /** Types a line into the open chat and presses Enter. */
  say(body: string): Promise<void>;
  /** Types without sending. */
  type(text: string): Promise<void>;
  /** Presses a key, by its X name. */
  press(key: string): Promise<void>;
  /** Resolves when what it sent and got so far fits. */
  shows(what: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export const dinoMissing = (): string | undefined => desktopMissing(["dino-im", "sqlite3"]);

/** Starts Dino and resolves when it is signed in. */
export async function startDino(
  world: { readonly zone: Zone; readonly authorityPem: string },
  account: { readonly address: string; readonly password: string },
): Promise<Dino> {
  const desktop = await openDesktop("dino", world);
  try {
    return await drive(desktop, account);
  } catch (error) {
    const log = await desktop.log("dino");
    await desktop.stop();
    throw new Error(`Dino does not sign in: ${log.slice(-2_000)}`, { cause: error });
  }
}

async function drive(
  desktop: Desktop,
  { address, password }: { readonly address: string; readonly password: string },
): Promise<Dino> {
  const database = join(desktop.folder.path, ".local", "share", "dino", "dino.db");
  const until = (what: string, fits: () => Promise<boolean>): Promise<true> =>
    comesTo("Dino", what, async () => (await fits()) || undefined);
  // It makes its tables at its first start; an account is a row in one of them.
  const first = desktop.start("first-dino", { command: "dino-im" });
  await until("its database", async () => (await sql(database, "select count(*) from account")).trim() === "0");
  await first.stop();
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  await sql(
    database,
    `insert into account (bare_jid, resourcepart, password, alias, enabled) values (${text(address)}, 'dino', ${text(password)}, 'dino', 1)`,
  );
  desktop.start("dino", { command: "dino-im", args: ["--print-xmpp=all"] });
  const stanzas = async (): Promise<string> => plainXml(await desktop.log("dino"));
  const shows = async (what: RegExp): Promise<void> =>
    void (await until(String(what), async () => what.test(await stanzas())));
  await shows(/<presence\b[^>]*\bfrom=["'][^"']*\/dino/);
  const window =
    (await desktop.run("xdotool", "search", "--sync", "--onlyvisible", "--class", "dino")).trim().split("\n").at(-1) ??
    "";
  await desktop.run("xdotool", "windowfocus", window);
  const press = async (key: string): Promise<void> => void (await desktop.run("xdotool", "key", key));
  const type = async (what: string): Promise<void> =>
    void (await desktop.run("xdotool", "type", "--delay", "10", "--", what));
  return {
    address,
    async open(to) {
      await desktop.run(
        "gdbus",
        "call",
        ...service,
        "--method",
        "org.freedesktop.Application.Open",
        `['xmpp:${to}?message']`,
        "{}",
      );
    },
    async say(body) {
      await type(body);
      await press("Return");
    },
    type,
    press,
    shows,
    stop: desktop.stop,
  };
}

/** Runs a statement as the user whom the database belongs to; what cannot be read yet is empty. */
async function sql(database: string, statement: string): Promise<string> {
  return run("sqlite3", [database, statement], { ...serverUser() }).then(
    ({ stdout }) => stdout,
    () => "",
  );
}

/** Dino's log names every namespace in braces, in colours: `<{jabber:client}:message {jabber:client}:id='1'>`. */
function plainXml(log: string): string {
  return log
    .replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, "g"), "")
    .replace(/<\{([^}]*)\}:([\w-]+)/g, "<$2 xmlns='$1'")
    .replace(/\{[^}\s]*\}:/g, "");
}
