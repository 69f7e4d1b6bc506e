import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { createDoors } from "./doors.ts";
import { freePorts, waitForPort } from "./ports.ts";
import { archiveFile, prosodyConfig } from "./prosody-config.ts";
import { prosodyData, type SeedContact, type SeedMessage, type SeedRoom } from "./prosody-data.ts";
import { writeArchive } from "./prosody-sqlite.ts";
import type { Proxy } from "./proxy.ts";
import { createRunFolder } from "./run-folder.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface ProsodyOptions {
  readonly domain: string;
  readonly certificate: Certificate;
  /** Seconds that a broken session may be resumed; default 20. */
  readonly resumable?: number;
  /** Stanzas that may be unacknowledged before it asks for an acknowledgement; default 10,000. */
  readonly maxUnacked?: number;
  readonly without?: readonly string[];
  /** Modules of Debian's prosody-modules to add. */
  readonly more?: readonly string[];
  /** Default `internal_plain`, which offers every SCRAM mechanism. */
  readonly authentication?: "internal_plain" | "internal_hashed";
  /** Default `files`; `sqlite` for large archives (of people only: `seedRoom` writes files). */
  readonly archive?: "files" | "sqlite";
  /** Longest stanza that a client may send, in bytes. */
  readonly stanzaLimit?: number;
  /** A host of this name whose addresses an outside program may speak for: see `component`. */
  readonly component?: string;
}

/** A real Prosody on loopback, in a folder of its own. */
export interface ProsodyServer {
  readonly domain: string;
  /** The host that serves rooms. */
  readonly roomsDomain: string;
  /** Configuration, data and logs; removed by `stop`. */
  readonly folder: string;
  readonly pid: number;
  readonly ports: { readonly starttls: number; readonly directTls: number; readonly https: number };
  /** Where and how the outside program signs in (XEP-0114), when there is one. */
  readonly component: { readonly domain: string; readonly port: number; readonly secret: string } | undefined;
  addUser(user: string, password: string): Promise<void>;
  seedRoster(user: string, contacts: readonly SeedContact[]): Promise<void>;
  seedArchive(user: string, messages: readonly SeedMessage[]): Promise<void>;
  seedRoom(room: SeedRoom): Promise<void>;
  /** A way in that can be cut; closed by `stop`. */
  door(kind?: "starttls" | "directTls" | "https"): Promise<Proxy>;
  /** Stops it and starts it again on the same ports with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const startTimeout = 30_000;

/** Starts a Prosody and resolves when it accepts connections. */
export async function startProsody(options: ProsodyOptions): Promise<ProsodyServer> {
  const folder = await createRunFolder("prosody");
  const data = join(folder.path, "data");
  await mkdir(data);
  await folder.give(data);
  const [starttls, directTls, https, outside] = await freePorts(4);
  if (starttls === undefined || directTls === undefined || https === undefined || outside === undefined)
    throw new Error("four ports were asked for");
  const ports = { starttls, directTls, https };
  const config = join(folder.path, "prosody.cfg.lua");
  const {
    domain,
    certificate,
    resumable = 20,
    maxUnacked = 10_000,
    without = [],
    more = [],
    authentication = "internal_plain",
    archive = "files",
  } = options;
  const component =
    options.component === undefined ? undefined : { domain: options.component, port: outside, secret: randomUUID() };
  await writeFile(
    config,
    prosodyConfig({
      folder: folder.path,
      data,
      domain,
      certificate,
      ports,
      resumable,
      maxUnacked,
      without,
      more,
      authentication,
      archive,
      stanzaLimit: options.stanzaLimit,
      component,
    }),
  );
  const store = prosodyData(folder, data);
  const doors = createDoors();

  const start = async (): Promise<ServerProcess> => {
    const started = startProcess({
      command: "prosody",
      args: ["-F", "--config", config],
      folder: folder.path,
      log: join(folder.path, "output.log"),
    });
    try {
      for (const port of [...Object.values(ports), ...(component ? [component.port] : [])])
        await waitForPort(port, startTimeout, started.ended);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  };
  let process = await start();

  return {
    domain,
    roomsDomain: `rooms.${domain}`,
    folder: folder.path,
    get pid() {
      return process.pid;
    },
    ports,
    component,
    addUser: (user, password) => store.account(domain, user, password),
    seedRoster: (user, contacts) => store.roster(domain, user, contacts),
    async seedArchive(user, messages) {
      if (archive === "files") return store.archive(domain, user, messages);
      writeArchive(archiveFile(data), { host: domain, user }, messages);
      await folder.give(archiveFile(data));
    },
    seedRoom: (room) => store.room(`rooms.${domain}`, room),
    door: (kind = "starttls") => doors.open(ports[kind]),
    async restart() {
      await process.stop();
      process = await start();
    },
    async stop() {
      await doors.close();
      await process.stop();
      await folder.remove();
    },
  };
}
