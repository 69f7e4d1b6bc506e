import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LuaTable, type LuaValue, lua } from "./lua.ts";
import type { RunFolder } from "./run-folder.ts";

/** A contact as seeded into a roster. */
export interface SeedContact {
  readonly address: string;
  readonly name?: string;
  readonly groups?: readonly string[];
  /** Default `both`. */
  readonly subscription?: "none" | "to" | "from" | "both";
}

/** A message as seeded into the archive of `owner` (one-to-one) or of a room. `at`: milliseconds since the epoch. */
export interface SeedMessage {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly at: number;
  readonly id: string;
}

/** A message in a room's archive: `nick` said it. */
export interface SeedRoomMessage {
  readonly nick: string;
  readonly body: string;
  readonly at: number;
  readonly id: string;
}

/** A room as seeded, with its archive. `owner`: a full address. */
export interface SeedRoom {
  readonly room: string;
  readonly name: string;
  readonly owner: string;
  readonly messages: readonly SeedRoomMessage[];
}

/** The file of one store of a host, by its key. */
interface StoreFile {
  readonly host: string;
  readonly store: string;
  readonly key: string;
}

/**
 * Writes Prosody's own data files (mod_storage_internal), which is quick enough for 10,000 contacts and 20,000
 * messages. Only for users and rooms that are not in use at that moment: Prosody keeps what it has loaded.
 */
export interface ProsodyData {
  account(host: string, user: string, password: string): Promise<void>;
  roster(host: string, user: string, contacts: readonly SeedContact[]): Promise<void>;
  /** Replaces the archive of `user`; oldest first. */
  archive(host: string, user: string, messages: readonly SeedMessage[]): Promise<void>;
  /** A room that is there before anybody enters, with its archive. */
  room(host: string, room: SeedRoom): Promise<void>;
}

/** `data`: Prosody's data_path, inside `folder`. */
export function prosodyData(folder: RunFolder, data: string): ProsodyData {
  const path = async (host: string, store: string, file: string): Promise<string> => {
    const hostFolder = join(data, encode(host));
    const storeFolder = join(hostFolder, store);
    for (const made of [data, hostFolder, storeFolder]) {
      await mkdir(made, { recursive: true });
      await folder.give(made);
    }
    return join(storeFolder, file);
  };
  const write = async (file: string, text: string): Promise<void> => {
    await writeFile(file, text, { mode: 0o600 });
    await folder.give(file);
  };
  const table = async ({ host, store, key }: StoreFile, value: LuaValue): Promise<void> =>
    write(await path(host, store, `${encode(key)}.dat`), `return ${lua(value)};\n`);
  const list = async ({ host, store, key }: StoreFile, items: readonly LuaValue[]): Promise<void> =>
    write(await path(host, store, `${encode(key)}.list`), items.map((item) => `item(${lua(item)});\n`).join(""));

  return {
    account: (host, user, password) => table({ host, store: "accounts", key: user }, { password }),
    roster: (host, user, contacts) => table({ host, store: "roster", key: user }, rosterTable(contacts)),
    archive: (host, user, messages) =>
      list(
        { host, store: "archive", key: user },
        messages.map((message) =>
          archived(message, message.from.startsWith(`${user}@`) ? message.to : message.from, "chat"),
        ),
      ),
    async room(host, { room, name, owner, messages }) {
      const jid = `${room}@${host}`;
      await table(
        { host, store: "config", key: room },
        {
          _jid: jid,
          _data: { name, persistent: true, public: true, history_length: 20 },
          _affiliation_data: {},
          [owner]: "owner",
        },
      );
      await list(
        { host, store: "muc_log", key: room },
        messages.map((message) =>
          archived({ ...message, from: `${jid}/${message.nick}`, to: jid }, "message<groupchat", "groupchat"),
        ),
      );
    },
  };
}

function rosterTable(contacts: readonly SeedContact[]): LuaTable {
  const table = new Map<string | number | false, LuaValue>([[false, { version: 1, pending: {} }]]);
  for (const { address, name, groups = [], subscription = "both" } of contacts) {
    table.set(address, {
      subscription,
      groups: Object.fromEntries(groups.map((group) => [group, true])),
      ...(name === undefined ? {} : { name }),
    });
  }
  return table;
}

/**
 * One line of an archive: the stanza as util.stanza keeps it, with the key, time and peer that mod_storage_internal
 * puts beside.
 */
function archived(message: SeedMessage, peer: string, type: "chat" | "groupchat"): LuaValue {
  const stamp = new Date(message.at).toISOString().replace(/\.\d+Z$/, "Z");
  const from = type === "chat" ? `${message.from}/seed` : message.from;
  return element("message", {
    attr: { id: message.id, type, from, to: message.to, stamp },
    children: [
      element("body", { children: [message.body] }),
      element("origin-id", { attr: { xmlns: "urn:xmpp:sid:0", id: message.id } }),
    ],
    more: { key: `seed-${message.id}`, when: Math.floor(message.at / 1000), with: peer },
  });
}

interface ElementParts {
  readonly attr?: Readonly<Record<string, string>>;
  readonly children?: readonly LuaValue[];
  readonly more?: Readonly<Record<string, LuaValue>>;
}

function element(name: string, { attr = {}, children = [], more = {} }: ElementParts): LuaTable {
  const fields: [string | number, LuaValue][] = [["name", name], ["attr", attr], ...Object.entries(more)];
  return new Map([...fields, ...children.map((child, index): [number, LuaValue] => [index + 1, child])]);
}

/** File names as Prosody's datamanager makes them: every byte that is no letter or digit becomes %xx. */
function encode(name: string): string {
  return [...Buffer.from(name)]
    .map((byte) =>
      /[a-z0-9]/i.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");
}
