import type { Certificate } from "./certificates.ts";
import { lua } from "./lua.ts";

/** Configuration of a Prosody for tests. */
export interface ProsodyConfig {
  readonly folder: string;
  readonly data: string;
  readonly domain: string;
  readonly certificate: Certificate;
  readonly ports: { readonly starttls: number; readonly directTls: number; readonly https: number };
  /** Seconds that a session whose connection broke may still be resumed (XEP-0198). */
  readonly resumable: number;
  /** Stanzas that may be unacknowledged before Prosody asks for an acknowledgement (XEP-0198). */
  readonly maxUnacked: number;
  /** Modules to leave out, e.g. `smacks`, `mam`, `carbons`. */
  readonly without: readonly string[];
  /** Modules to add, of Debian's prosody-modules. */
  readonly more: readonly string[];
  readonly authentication: "internal_plain" | "internal_hashed";
  /**
   * Keeps archives in an SQLite file: the files of `internal` are read anew for each page, which takes a minute for
   * 20,000 messages.
   */
  readonly archive: "files" | "sqlite";
  /** Longest stanza that a client may send, in bytes; undefined: Prosody's default. */
  readonly stanzaLimit: number | undefined;
  /** A host whose addresses an outside program speaks for (XEP-0114). */
  readonly component: { readonly domain: string; readonly port: number; readonly secret: string } | undefined;
}

const modules = [
  "roster",
  "saslauth",
  "tls",
  "disco",
  "carbons",
  "pep",
  "private",
  "blocklist",
  "vcard4",
  "vcard_legacy",
  "bookmarks",
  "version",
  "uptime",
  "time",
  "ping",
  "mam",
  "csi_simple",
  "smacks",
  "offline",
  "websocket",
  "lastactivity",
] as const;

/** Text of prosody.cfg.lua: loopback only, no federation, no plain text, no throttling, the archive never expires. */
export function prosodyConfig(config: ProsodyConfig): string {
  const tls = { key: config.certificate.keyPath, certificate: config.certificate.certPath };
  const global = {
    daemonize: false,
    pidfile: `${config.folder}/prosody.pid`,
    data_path: config.data,
    interfaces: ["127.0.0.1"],
    local_interfaces: ["127.0.0.1"],
    network_backend: "epoll",
    // Nagle's algorithm makes small archive pages crawl
    network_settings: { nagle: false },
    c2s_ports: [config.ports.starttls],
    c2s_direct_tls_ports: [config.ports.directTls],
    https_ports: [config.ports.https],
    http_ports: [],
    s2s_ports: [],
    s2s_direct_tls_ports: [],
    http_interfaces: ["127.0.0.1"],
    https_interfaces: ["127.0.0.1"],
    // 0.12 serves HTTP only under names it knows as hosts of its own
    http_default_host: config.domain,
    c2s_require_encryption: true,
    authentication: config.authentication,
    storage: config.archive === "files" ? "internal" : { archive: "sql" },
    ...(config.archive === "files" ? {} : { sql: { driver: "SQLite3", database: archiveFile(config.data) } }),
    component_ports: config.component ? [config.component.port] : [],
    component_interfaces: ["127.0.0.1"],
    storage_archive_item_limit: 1_000_000,
    archive_expires_after: "never",
    max_archive_query_results: 250,
    smacks_hibernation_time: config.resumable,
    smacks_max_unacked_stanzas: config.maxUnacked,
    limits: {},
    ...(config.stanzaLimit === undefined ? {} : { c2s_stanza_size_limit: config.stanzaLimit }),
    log: { info: `${config.folder}/prosody.log` },
    ssl: tls,
    c2s_direct_tls_ssl: tls,
    https_ssl: tls,
    modules_enabled: [...modules.filter((name) => !config.without.includes(name)), ...config.more],
    modules_disabled: ["s2s"],
  };
  const lines = Object.entries(global).map(([key, value]) => `${key} = ${lua(value)}`);
  return [
    ...lines,
    `VirtualHost ${lua(config.domain)}`,
    `Component ${lua(`rooms.${config.domain}`)} "muc"`,
    `name = "Rooms"`,
    `modules_enabled = { "muc_mam" }`,
    ...(config.component
      ? [`Component ${lua(config.component.domain)}`, `component_secret = ${lua(config.component.secret)}`]
      : []),
    "",
  ].join("\n");
}

/** Where archives are with `archive: "sqlite"`. */
export function archiveFile(data: string): string {
  return `${data}/archive.sqlite`;
}
