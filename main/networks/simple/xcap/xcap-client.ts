import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import { boundedBody } from "../../bounded-body.ts";
import { open, requestOver } from "../../dial.ts";
import { dialHost } from "../../dial-host.ts";
import type { DnsResolver } from "../../dns.ts";
import type { Tunnel } from "../../environment.ts";
import { trustAnchors } from "../../server-trust.ts";
import { chooseChallenges, DigestAnswer, strengthOf } from "../authentication/digest.ts";
import { isWeaker } from "../authentication/digest-strength.ts";
import { connectError } from "../errors.ts";
import type { Trust } from "../transports/trust.ts";
import { uriOfAddress } from "../wire/uri.ts";

/** Options of an XCAP client. */
export interface XcapOptions {
  /** Root URI (RFC 4825 section 6.1), http or https. */
  readonly root: string;
  readonly own: Address;
  readonly user: string;
  readonly password: string;
  /**
   * Asked at each request. Names and pins are the SIP server's: of the keys of this one only what the organization says
   * counts.
   */
  readonly trust: () => Pick<Trust, "anchors" | "mayHave" | "minVersion" | "revocation">;
  readonly lookup: DnsResolver["lookup"];
  readonly tunnel?: Tunnel | undefined;
  /** In which ways we may prove who we are. */
  readonly may: (method: string) => boolean;
  readonly allowCleartext: (host: string) => boolean;
}

/** A document of the own tree: which application, and how it is called there. */
export interface XcapDocument {
  /** Application unique id, e.g. `resource-lists`. */
  readonly auid: string;
  readonly name: string;
  readonly type: string;
}

interface HttpRequest {
  readonly method: "GET" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  /** Empty: there is none. */
  readonly body: string;
}

interface HttpAnswer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly challenges: readonly string[];
  readonly text: string;
}

const timeout = 8_000;
const maxLength = 4 << 20;
const attempts = 4;
/**
 * Challenges that are answered for one request: one, and some more where the server says that its nonce has expired.
 */
const maxChallenges = 3;

/**
 * Reads and changes documents on an XCAP server, with digest and ETags. Redirects are not followed. Source: RFC 4825.
 */
export class XcapClient {
  readonly #options: XcapOptions;
  readonly #root: URL;
  readonly #abort = new AbortController();
  #answer: DigestAnswer | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Error: `tls-required` for clear text where it is not allowed, `invalid-argument` for what is no root URI. */
  constructor(options: XcapOptions) {
    this.#options = options;
    if (!URL.canParse(options.root)) throw new HallwayError("invalid-argument");
    this.#root = new URL(options.root);
    if (this.#root.protocol !== "https:" && this.#root.protocol !== "http:") throw new HallwayError("invalid-argument");
    if (this.#root.protocol === "http:" && !options.allowCleartext(this.#root.hostname))
      throw new HallwayError("tls-required", { host: this.#root.hostname });
  }

  /** The document's text, or undefined when there is none. Errors: as change. */
  async read(document: XcapDocument): Promise<string | undefined> {
    return (await this.#read(document)).text;
  }

  /**
   * Changes a document: `edit` gets its text (undefined: none yet) and gives the new one, or undefined to leave it.
   * When somebody else changed it meanwhile it is done again on what they wrote (RFC 4825 section 7.11). Changes wait
   * for each other. Errors: `connection-*`, `certificate-*`, `timed-out`, `not-allowed`, `server-error`, and what
   * `edit` throws.
   */
  change(document: XcapDocument, edit: (text: string | undefined) => string | undefined): Promise<void> {
    const done = this.#last.then(() => this.#change(document, edit));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Ends requests in flight. */
  close(): void {
    this.#abort.abort();
  }

  async #change(document: XcapDocument, edit: (text: string | undefined) => string | undefined): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const { text, etag } = await this.#read(document);
      const next = edit(text);
      if (next === undefined || next === text) return;
      // Without an ETag the server cannot tell; the last one to write wins there.
      const condition: Record<string, string> =
        text === undefined ? { "If-None-Match": "*" } : etag === undefined ? {} : { "If-Match": etag };
      const answer = await this.#request(document, {
        method: "PUT",
        headers: { "Content-Type": document.type, ...condition },
        body: next,
      });
      if (answer.status >= 200 && answer.status < 300) return;
      if (answer.status !== 412 && answer.status !== 409) throw failure(answer.status);
    }
    throw new HallwayError("server-error");
  }

  async #read(document: XcapDocument): Promise<{ text: string | undefined; etag: string | undefined }> {
    const answer = await this.#request(document, { method: "GET", headers: {}, body: "" });
    if (answer.status === 404) return { text: undefined, etag: undefined };
    if (answer.status !== 200) throw failure(answer.status);
    return { text: answer.text, etag: answer.etag };
  }

  async #request(document: XcapDocument, { method, headers, body }: HttpRequest): Promise<HttpAnswer> {
    // RFC 4825 section 6: the user identifier stands in the path; `:` and `@` may stand there as they are.
    const path = `${this.#root.pathname.replace(/\/$/, "")}/${document.auid}/users/${encodeURI(uriOfAddress(this.#options.own)).replace(/[?#]/g, encodeURIComponent)}/${document.name}`;
    for (let asked = 0; ; asked += 1) {
      const authorization = this.#answer ? { Authorization: this.#answer.header({ method, uri: path, body }) } : {};
      const answer = await this.#once(path, { method, headers: { ...headers, ...authorization }, body });
      if (answer.status !== 401) return answer;
      const [challenge] = chooseChallenges(answer.challenges, this.#options.may);
      if (!challenge || asked >= maxChallenges || (asked > 0 && !challenge.stale))
        throw new HallwayError("not-allowed");
      if (this.#answer && isWeaker(strengthOf(challenge), strengthOf(this.#answer.challenge)))
        throw new HallwayError("not-allowed");
      this.#answer = new DigestAnswer(challenge, this.#options.user, this.#options.password);
    }
  }

  /** A connection to the server: secured, or in clear text where that is allowed. */
  async #connect(signal: AbortSignal): Promise<Socket> {
    const { hostname, port, protocol } = this.#root;
    const { tunnel, lookup } = this.#options;
    if (protocol === "http:") return open({ host: hostname, port: Number(port) || 80, lookup, tunnel }, signal);
    const { anchors, minVersion, revocation, ...trust } = this.#options.trust();
    const ca = trustAnchors(anchors);
    const mayHave = (_: string, key: string) => trust.mayHave([], key);
    return dialHost(
      { host: hostname, port: Number(port) || 443, ca, minVersion, mayHave, lookup, tunnel, revocation },
      signal,
    );
  }

  async #once(path: string, { method, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const { hostname, host } = this.#root;
    const limit = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(timeout)]);
    try {
      const socket = await this.#connect(limit);
      const options = {
        method,
        path,
        signal: limit,
        headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
      };
      const request = requestOver(socket, host, options);
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request.on("error", reject);
        request.on("response", resolve);
        request.end(body);
      });
      const text = await boundedBody(response, maxLength);
      const challenge = response.headers["www-authenticate"];
      return {
        status: response.statusCode ?? 0,
        etag: response.headers.etag,
        challenges: challenge === undefined ? [] : [challenge],
        text: text.toString("utf8"),
      };
    } catch (error) {
      if (this.#abort.signal.aborted) throw new HallwayError("cancelled", undefined, error);
      throw limit.aborted ? new HallwayError("timed-out", { host: hostname }, error) : connectError(error, hostname);
    }
  }
}

function failure(status: number): HallwayError {
  return new HallwayError(status === 403 || status === 401 ? "not-allowed" : "server-error");
}
