import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { createDoors } from "./doors.ts";
import { type EjabberdConfig, type EjabberdSection, ejabberdConfig } from "./ejabberd-config.ts";
import { freePorts, waitForPort, waitForSocket } from "./ports.ts";
import type { Proxy } from "./proxy.ts";
import { createRunFolder } from "./run-folder.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface EjabberdOptions extends Partial<Omit<EjabberdConfig, "ports" | "api">> {
  readonly domain: string;
  readonly certificate: Certificate;
  /** TCP ports beside XMPP's that have to be open before the server counts as started. */
  readonly awaited?: readonly number[];
  readonly listeners?: readonly EjabberdSection[];
  /** A host of this name whose addresses an outside program may speak for: see `component`. */
  readonly component?: string;
  /** Flags of the Erlang machine. */
  readonly machine?: readonly string[];
}

/** A real ejabberd on loopback, in a folder of its own. */
export interface EjabberdServer {
  readonly domain: string;
  /** Configuration, data and logs; removed by `stop`. */
  readonly folder: string;
  readonly pid: number;
  /** `https` serves WebSocket at `/ws`. */
  readonly ports: EjabberdConfig["ports"];
  /** Where an outside program signs in for the host that the options name (XEP-0114). */
  readonly component: { readonly domain: string; readonly port: number; readonly secret: string } | undefined;
  addUser(user: string, password: string): Promise<void>;
  /** A command of the HTTP API. Rejects where ejabberd refuses it. */
  command(name: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** A way in that can be cut; closed by `stop`. */
  door(kind?: keyof EjabberdConfig["ports"]): Promise<Proxy>;
  /** Stops it and starts it again on the same ports with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const startTimeout = 60_000;

/**
 * Starts an ejabberd and resolves when it accepts connections. It is started without ejabberdctl, so that it runs as
 * any user and is no node of a cluster: no port mapper (epmd) is started, and several can run beside each other.
 */
export async function startEjabberd(options: EjabberdOptions): Promise<EjabberdServer> {
  const folder = await createRunFolder("ejabberd");
  const spool = join(folder.path, "spool");
  await mkdir(spool);
  await folder.give(spool);
  const [starttls, directTls, https, outside] = await freePorts(4);
  if (starttls === undefined || directTls === undefined || https === undefined || outside === undefined)
    throw new Error("four ports were asked for");
  const ports = { starttls, directTls, https };
  const api = join(folder.path, "api.sock");
  const config = join(folder.path, "ejabberd.yml");
  const usual = {
    tls: undefined,
    resumable: 20,
    passwords: "plain",
    withoutMechanisms: [],
    modules: {},
  } as const;
  const { awaited = [], machine = [], listeners = [], component: outsider, ...told } = options;
  const component = outsider === undefined ? undefined : { domain: outsider, port: outside, secret: randomUUID() };
  const all = [...listeners, ...(component ? [componentListener(component)] : [])];
  await writeFile(config, ejabberdConfig({ ...usual, ...told, listeners: all, ports, api }));
  const open = [...Object.values(ports), ...awaited, ...(component ? [component.port] : [])];
  const doors = createDoors();

  const start = async (): Promise<ServerProcess> => {
    const started = startProcess({
      command: "erl",
      args: [...machine, "-noinput", "-mnesia", "dir", JSON.stringify(spool), "-s", "ejabberd"],
      folder: folder.path,
      log: join(folder.path, "output.log"),
      env: {
        ERL_LIBS: libraries(),
        ERL_CRASH_DUMP_BYTES: "0",
        EJABBERD_CONFIG_PATH: config,
        EJABBERD_LOG_PATH: join(folder.path, "ejabberd.log"),
      },
    });
    try {
      for (const port of open) await waitForPort(port, startTimeout, started.ended);
      await waitForSocket(api, startTimeout, started.ended);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  };
  let process = await start();
  const command = (name: string, args: Readonly<Record<string, unknown>>): Promise<unknown> => call(api, name, args);

  return {
    domain: options.domain,
    folder: folder.path,
    get pid() {
      return process.pid;
    },
    ports,
    component,
    command,
    async addUser(user, password) {
      await command("register", { user, host: options.domain, password });
    },
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

function componentListener({ domain, port, secret }: NonNullable<EjabberdServer["component"]>): EjabberdSection {
  return { ip: "127.0.0.1", port, module: "ejabberd_service", hosts: { [domain]: { password: secret } } };
}

/** Where Debian keeps ejabberd for Erlang, which differs by machine: as its own script says. */
function libraries(): string {
  const found = /^ERL_LIBS='?([^'\n]+)/m.exec(readFileSync("/usr/sbin/ejabberdctl", "utf8"))?.[1];
  if (found === undefined) throw new Error("ejabberdctl does not say where ejabberd is");
  return found;
}

/** One command of mod_http_api. */
function call(socketPath: string, name: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath,
        path: `/api/${name}`,
        method: "POST",
        headers: { Host: "localhost", "Content-Type": "application/json" },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          response.statusCode === 200
            ? resolve(JSON.parse(text))
            : reject(new Error(`ejabberd refuses ${name}: ${text}`)),
        );
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(JSON.stringify(args));
  });
}
