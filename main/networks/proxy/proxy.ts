import { isIP } from "node:net";
import { canonicalIp, urlHost } from "../../addressing/host-port.ts";

/** A proxy that TCP connections can be made through. */
export interface Proxy {
  /** `http` and `https`: CONNECT, asked for in clear or over TLS (RFC 9110 section 9.3.6); `socks5`: RFC 1928. */
  readonly kind: "http" | "https" | "socks5";
  readonly host: string;
  readonly port: number;
  /** Of the person's own surroundings only: no policy holds a secret. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

/** Route of a connection: the first that works of a list, as proxy auto-configuration has it. */
export type Route = Proxy | "direct";

const usualPort = { http: 80, https: 443, socks5: 1080 } as const;
const kinds = new Map<string, Proxy["kind"]>([
  ["http:", "http"],
  ["https:", "https"],
  ["socks:", "socks5"],
  ["socks5:", "socks5"],
  ["socks5h:", "socks5"],
]);

/**
 * Reads `scheme://[user:password@]host[:port]`; without a scheme it is `http`. Undefined: no proxy that we could use.
 */
export function parseProxy(text: string): Proxy | undefined {
  const whole = text.includes("://") ? text : `http://${text}`;
  // The URL parser knows the port of http only under its own scheme, and hosts of no other scheme as it should.
  const scheme = whole.slice(0, whole.indexOf("://") + 1).toLowerCase();
  const kind = kinds.get(scheme);
  const rest = `http://${whole.slice(whole.indexOf("://") + 3)}`;
  if (kind === undefined || !URL.canParse(rest)) return undefined;
  const { hostname, port, username, password } = new URL(rest);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (host === "") return undefined;
  const explicit = /:80(?:$|[/?#])/.test(rest.slice(rest.lastIndexOf("@") + 1)) ? 80 : Number(port);
  try {
    const login =
      username === "" ? undefined : { user: decodeURIComponent(username), password: decodeURIComponent(password) };
    return { kind, host, port: explicit || usualPort[kind], login };
  } catch {
    return undefined;
  }
}

/**
 * Reads what a proxy auto-configuration answers, e.g. `PROXY a:3128; SOCKS5 b:1080; DIRECT`. What we cannot use is left
 * out.
 */
export function parsePacAnswer(text: string): readonly Route[] {
  return text.split(";").flatMap((part): readonly Route[] => {
    const [word = "", place = ""] = part.trim().split(/\s+/);
    if (word.toUpperCase() === "DIRECT") return ["direct"];
    const scheme = { PROXY: "http", HTTP: "http", HTTPS: "https", SOCKS: "socks5", SOCKS5: "socks5" }[
      word.toUpperCase()
    ];
    const proxy = scheme === undefined || place === "" ? undefined : parseProxy(`${scheme}://${place}`);
    return proxy ? [proxy] : [];
  });
}

/** Whether a host is this computer itself, which no system's settings send through a proxy. */
function isOwn(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "::1" ||
    (isIP(host) === 4 && host.startsWith("127."))
  );
}

/**
 * The way out that the usual variables name (`https_proxy`, then `all_proxy`; `no_proxy` lists what goes without), in
 * small letters or capitals: all that a system without a desktop says about proxies. A proxy that cannot be read lets
 * nothing through.
 */
export function routesOfVariables(
  variables: Readonly<Record<string, string | undefined>>,
  host: string,
): readonly Route[] {
  const read = (name: string): string => (variables[name] ?? variables[name.toUpperCase()] ?? "").trim();
  const text = read("https_proxy") || read("all_proxy");
  if (text === "" || isOwn(canonicalIp(host.toLowerCase()))) return ["direct"];
  const without = read("no_proxy")
    .split(/[\s,]+/)
    .filter((name) => name !== "")
    .map((name) => canonicalIp(name.replace(/^\*?\./, "").toLowerCase()));
  const wanted = canonicalIp(host.toLowerCase().replace(/\.$/, ""));
  if (without.some((name) => name === "*" || wanted === name || wanted.endsWith(`.${name}`))) return ["direct"];
  const proxy = parseProxy(text);
  return proxy ? [proxy] : [];
}

/** Asks the desktop, as proxy auto-configuration answers: for the system's own settings, or by a script at that URL. */
export type AskDesktop = (url: string, script: string | undefined) => Promise<string>;

/**
 * The ways out that the system or a script has. A desktop that cannot be asked has variables for the one, and nothing
 * for the other: undefined.
 */
export function createProxyFinder(
  ask: AskDesktop | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): (
  target: { readonly host: string; readonly port: number },
  script: string | undefined,
) => Promise<readonly Route[] | undefined> {
  return async ({ host, port }, script) => {
    if (ask) return parsePacAnswer(await ask(`https://${urlHost(host)}:${port}/`, script));
    return script === undefined ? routesOfVariables(variables, host) : undefined;
  };
}
