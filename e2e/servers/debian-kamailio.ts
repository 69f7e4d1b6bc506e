import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { behindNat, createDoors } from "./doors.ts";
import { createKamailioData } from "./kamailio-data.ts";
import { freePorts, waitForPort } from "./ports.ts";
import type { Proxy } from "./proxy.ts";
import { createRunFolder } from "./run-folder.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

/** Switches of Debian's kamailio.cfg, each a line `#!define`. */
export type DebianToggle = "WITH_AUTH" | "WITH_TLS" | "WITH_PRESENCE" | "WITH_NAT" | "WITH_ANTIFLOOD";

export interface DebianKamailioOptions {
  readonly domain: string;
  readonly certificate: Certificate;
  readonly toggles: readonly DebianToggle[];
  /** Lines to put before request_route, which change values that the file ships. */
  readonly parameters?: readonly string[];
}

/** A Kamailio with the configuration that Debian's package ships: a registrar that this project did not configure. */
export interface DebianKamailioServer {
  readonly domain: string;
  readonly ports: { readonly sip: number; readonly sips: number };
  addUser(user: string, password: string): void;
  /** A way in that can be cut; closed by `stop`. `from`: the address that the server sees, by default a NAT's. */
  door(from?: string): Promise<Proxy>;
  stop(): Promise<void>;
}

const shipped = "/etc/kamailio/kamailio.cfg";
const startTimeout = 30_000;

/** Starts it and resolves when it accepts connections. */
export async function startDebianKamailio(options: DebianKamailioOptions): Promise<DebianKamailioServer> {
  const { domain, certificate } = options;
  const folder = await createRunFolder("debian-kamailio");
  const [sip, sips] = await freePorts(2);
  if (sip === undefined || sips === undefined) throw new Error("two ports were asked for");
  const at = (name: string): string => join(folder.path, name);
  const data = await createKamailioData(folder, domain, {
    accounts: ["standard", "auth_db", "usrloc", "presence", "uri_db"],
  });
  await writeFile(
    at("kamailio.cfg"),
    configuration(await readFile(shipped, "utf8"), at("tls.cfg"), options.parameters ?? []),
  );
  await writeFile(at("kamailio-local.cfg"), localConfiguration(options, { sip, sips }, at("accounts.db")));
  await writeFile(at("tls.cfg"), kamailioTlsProfile(certificate));
  const process = await startKamailioProcess(folder.path, [sip, sips]);
  const doors = createDoors();
  return {
    domain,
    ports: { sip, sips },
    addUser: (user, password) => data.account(user, password),
    door: (from = behindNat) => doors.open(sips, from),
    async stop() {
      await doors.close();
      await process.stop();
      await folder.remove();
    },
  };
}

/** Starts a Kamailio with the kamailio.cfg of that folder, and waits for its TCP ports. */
export async function startKamailioProcess(folder: string, ports: readonly number[]): Promise<ServerProcess> {
  const args = [
    "-DD",
    "-E",
    "-f",
    join(folder, "kamailio.cfg"),
    "-Y",
    folder,
    "-P",
    join(folder, "kamailio.pid"),
    "-w",
    folder,
    "-m",
    "64",
    "-M",
    "8",
  ];
  const started = startProcess({ command: "kamailio", args, folder, log: join(folder, "output.log") });
  try {
    for (const port of ports) await waitForPort(port, startTimeout, started.ended);
  } catch (error) {
    await started.stop();
    throw error;
  }
  return started;
}

/** tls.cfg of a server that shows this certificate and asks its clients for none. */
export function kamailioTlsProfile({ certPath, keyPath }: Certificate): string {
  const common = "method = TLSv1.2+\nverify_certificate = no\nrequire_certificate = no\n";
  return `[server:default]\n${common}private_key = ${keyPath}\ncertificate = ${certPath}\n[client:default]\n${common}`;
}

/** The shipped file as it is, but for the place of tls.cfg and the parameters. */
function configuration(text: string, tls: string, parameters: readonly string[]): string {
  const placed = text.replaceAll("/etc/kamailio/tls.cfg", tls);
  return placed.replace("\nrequest_route {", `\n${parameters.join("\n")}\nrequest_route {`);
}

/**
 * kamailio-local.cfg, which the shipped file imports: where to listen, the domain and the database. One process reads
 * from TCP: with several, Kamailio 5.6 over OpenSSL 3 ends TLS connections while another process shakes hands
 * ("tls_h_read_f: digital envelope routines::unsupported algorithm"): 4,782 of 8,000 from six clients at once, none of
 * 8,000 with one.
 */
function localConfiguration(
  { domain, toggles }: DebianKamailioOptions,
  ports: DebianKamailioServer["ports"],
  database: string,
): string {
  return [
    ...toggles.map((toggle) => `#!define ${toggle}`),
    `#!define DBURL "sqlite:///${database}"`,
    "exit_timeout=3",
    "tcp_children=1",
    "auto_aliases=no",
    `alias="${domain}"`,
    `listen=udp:127.0.0.1:${ports.sip}`,
    `listen=tcp:127.0.0.1:${ports.sip}`,
    ...(toggles.includes("WITH_TLS") ? [`listen=tls:127.0.0.1:${ports.sips}`] : []),
    "dns=no",
    "rev_dns=no",
    'loadmodule "db_sqlite.so"',
    "",
  ].join("\n");
}
