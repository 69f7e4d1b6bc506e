import type { Certificate } from "./certificates.ts";

/** A value of ejabberd.yml. */
export type EjabberdValue =
  | string
  | number
  | boolean
  | readonly EjabberdValue[]
  | { readonly [key: string]: EjabberdValue };

/** A listener or a module's options, as ejabberd.yml has them. */
export type EjabberdSection = Readonly<Record<string, EjabberdValue>>;

/** Configuration of an ejabberd for tests. */
export interface EjabberdConfig {
  readonly domain: string;
  readonly certificate: Certificate;
  readonly ports: { readonly starttls: number; readonly directTls: number; readonly https: number };
  /** Socket of the HTTP API, which makes accounts. */
  readonly api: string;
  /** The only version of TLS that is spoken; undefined: what ejabberd takes by default. */
  readonly tls: "1.2" | "1.3" | undefined;
  /** Seconds that a session whose connection broke may still be resumed (XEP-0198). */
  readonly resumable: number;
  /** How passwords are stored: `plain` offers every mechanism, a hash only its own SCRAM (and PLAIN). */
  readonly passwords: "plain" | "sha" | "sha256" | "sha512";
  /** SASL mechanisms that are not offered. */
  readonly withoutMechanisms: readonly string[];
  /** Listeners to add. */
  readonly listeners: readonly EjabberdSection[];
  /** Modules to add, or with other options than the usual. */
  readonly modules: Readonly<Record<string, EjabberdSection>>;
}

/** Modules of Debian's own ejabberd.yml, as far as one server without federation can use them. */
const usualModules: Readonly<Record<string, EjabberdSection>> = {
  mod_admin_extra: {},
  mod_blocking: {},
  mod_caps: {},
  mod_carboncopy: {},
  mod_client_state: {},
  mod_disco: {},
  mod_http_api: {},
  mod_last: {},
  mod_mam: { assume_mam_usage: true, default: "always" },
  mod_offline: {},
  mod_ping: {},
  mod_privacy: {},
  mod_private: {},
  mod_pubsub: { plugins: ["flat", "pep"] },
  mod_roster: { versioning: true },
  mod_vcard: {},
  mod_version: { show_os: false },
};

/** Text of ejabberd.yml (JSON is YAML): loopback only, no federation, no plain text, no throttling. */
export function ejabberdConfig(config: EjabberdConfig): string {
  const { domain, certificate, ports, tls } = config;
  const versions = [
    "no_sslv3",
    "no_tlsv1",
    "no_tlsv1_1",
    ...(tls === "1.2" ? ["no_tlsv1_3"] : []),
    ...(tls === "1.3" ? ["no_tlsv1_2"] : []),
  ];
  const loopback = { ip: "127.0.0.1" };
  // Debian's largest stanza.
  const client = { ...loopback, module: "ejabberd_c2s", max_stanza_size: 262_144, shaper: "none" };
  const file: EjabberdSection = {
    hosts: [domain],
    loglevel: "info",
    certfiles: [certificate.certPath, certificate.keyPath],
    c2s_protocol_options: versions,
    auth_method: "internal",
    auth_password_format: config.passwords === "plain" ? "plain" : "scram",
    ...(config.passwords === "plain" ? {} : { auth_scram_hash: config.passwords }),
    disable_sasl_mechanisms: ["X-OAUTH2", ...config.withoutMechanisms],
    default_db: "mnesia",
    shaper: {},
    shaper_rules: {},
    api_permissions: { "whoever may open the socket": { from: "mod_http_api", who: "all", what: "*" } },
    listen: [
      { ...client, port: ports.starttls, starttls_required: true },
      { ...client, port: ports.directTls, tls: true },
      {
        ...loopback,
        port: ports.https,
        module: "ejabberd_http",
        tls: true,
        protocol_options: versions,
        request_handlers: { "/ws": "ejabberd_http_ws" },
      },
      { port: `unix:${config.api}`, module: "ejabberd_http", request_handlers: { "/api": "mod_http_api" } },
      ...config.listeners,
    ],
    modules: {
      ...usualModules,
      mod_stream_mgmt: {
        resume_timeout: config.resumable,
        max_resume_timeout: config.resumable,
        ack_timeout: "infinity",
        max_ack_queue: 10_000,
      },
      ...config.modules,
    },
  };
  return JSON.stringify(file, undefined, 2);
}
