import { isIP } from "node:net";
import type { SipTransport } from "../transports/transport.ts";
import { parseParameters, type SipResponse, token } from "../wire/message.ts";
import { parseSipUri } from "../wire/uri.ts";

/** RFC 3261 section 19.1.1, RFC 7118 section 5.2.1: `ws` stands for both. */
const transportParameter = { TLS: "tls", TCP: "tcp", WSS: "ws" } as const;

/** Where a server reaches this device. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Contact URI of this device on one connection. Its host and port are those that the server sees, once it has said
 * them.
 */
export class LocalContact {
  /** Not guessable, so that requests that did not come through our registration find nobody. */
  readonly user = `h${token(10)}`;
  readonly #transport: string;
  #place: Place;
  #listedUser: string | undefined;

  constructor(transport: Pick<SipTransport, "local" | "protocol">) {
    this.#transport = transportParameter[transport.protocol];
    this.#place = { host: transport.local.address, port: transport.local.port };
  }

  get uri(): string {
    return this.uriAt(this.#place);
  }

  uriAt({ host, port }: Place): string {
    return `sip:${this.user}@${host.includes(":") ? `[${host}]` : host}:${port};transport=${this.#transport}`;
  }

  /**
   * Contact for requests and responses that form a dialog: `ob` keeps the dialog on this connection behind an edge
   * proxy (RFC 5626 section 4.3).
   */
  get dialogHeader(): string {
    return `Contact: <${this.uri};ob>`;
  }

  /** Takes note of how the registrar lists it: requests may come to that. */
  listedAs(uri: string | undefined): void {
    this.#listedUser = uri === undefined ? undefined : parseSipUri(uri)?.user;
  }

  /** Whether that user part of a request URI is ours. */
  isUser(user: string | undefined): boolean {
    return user !== undefined && (user === this.user || user === this.#listedUser);
  }

  /**
   * Address and port from which the server received a request, as the Via of its response says (RFC 3581 section 4):
   * behind a NAT nobody reaches us at any other. Undefined where they are our own.
   */
  seenAt(response: SipResponse): Place | undefined {
    const own = this.#place;
    const { params } = parseParameters(response.headers.list("via")[0] ?? "");
    const host = params.get("received")?.replace(/^\[|\]$/g, "") ?? own.host;
    const port = Number(params.get("rport") || Number.NaN);
    if (isIP(host) === 0 || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
    return host === own.host && port === own.port ? undefined : { host, port };
  }

  /** Takes over the place under which the registrar has us from now on. */
  moveTo(place: Place): void {
    this.#place = place;
  }
}
