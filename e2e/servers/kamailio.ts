import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { createDoors } from "./doors.ts";
import { kamailioConfig, kamailioTls } from "./kamailio-config.ts";
import { createKamailioData } from "./kamailio-data.ts";
import { freePorts, waitForPort } from "./ports.ts";
import type { Proxy } from "./proxy.ts";
import { createRunFolder } from "./run-folder.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface KamailioOptions {
  readonly domain: string;
  readonly certificate: Certificate;
  /** Default `MD5`, which is what most servers still ask for. */
  readonly digest?: "MD5" | "SHA-256";
  /** Default `open`. */
  readonly authorization?: "open" | "rules";
  /**
   * Default `kept`: messages kept for later keep their type. `lost`: they do not, as on a server without special care.
   */
  readonly msiloTypes?: "kept" | "lost";
}

/** A real Kamailio on loopback, in a folder of its own. */
export interface KamailioServer {
  readonly domain: string;
  readonly folder: string;
  readonly pid: number;
  readonly ports: { readonly sip: number; readonly sips: number; readonly http: number; readonly https: number };
  addUser(user: string, password: string): Promise<void>;
  /** Forgets who watches whom, so that no decision reaches a watcher who waits for it. */
  dropRequests(): void;
  /** A way in that can be cut; closed by `stop`. */
  door(kind?: "sip" | "sips" | "https"): Promise<Proxy>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const startTimeout = 30_000;

/** Starts a Kamailio and resolves when it accepts connections. */
export async function startKamailio(options: KamailioOptions): Promise<KamailioServer> {
  const folder = await createRunFolder("kamailio");
  const [sip, sips, http, https] = await freePorts(4);
  if (sip === undefined || sips === undefined || http === undefined || https === undefined)
    throw new Error("four ports were asked for");
  const ports = { sip, sips, http, https };
  const { domain, certificate, digest = "MD5", authorization = "open", msiloTypes = "kept" } = options;
  const config = { folder: folder.path, domain, certificate, ports, digest, authorization, msiloTypes };
  const file = join(folder.path, "kamailio.cfg");
  await writeFile(file, kamailioConfig(config));
  await writeFile(join(folder.path, "tls.cfg"), kamailioTls(config));
  const data = await createKamailioData(folder, domain);
  const doors = createDoors();

  const start = async (): Promise<ServerProcess> => {
    const args = [
      "-DD",
      "-E",
      "-f",
      file,
      "-Y",
      folder.path,
      "-P",
      join(folder.path, "kamailio.pid"),
      "-w",
      folder.path,
      "-m",
      "64",
      "-M",
      "8",
    ];
    const started = startProcess({
      command: "kamailio",
      args,
      folder: folder.path,
      log: join(folder.path, "output.log"),
    });
    try {
      for (const port of Object.values(ports)) await waitForPort(port, startTimeout, started.ended);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  };
  let process = await start();

  return {
    domain,
    folder: folder.path,
    get pid() {
      return process.pid;
    },
    ports,
    addUser: async (user, password) => data.account(user, password),
    dropRequests: data.dropWatchers,
    door: (kind = "sips") => doors.open(ports[kind]),
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
