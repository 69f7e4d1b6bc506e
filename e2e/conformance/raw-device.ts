import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { TestAccount } from "../../main/networks/conformance/harness.ts";
import { chooseChallenges, DigestAnswer } from "../../main/networks/simple/authentication/digest.ts";
import { SipFramer } from "../../main/networks/simple/transports/framer.ts";
import { parseMessage, type SipRequest, type SipResponse } from "../../main/networks/simple/wire/message.ts";
import { writeReply } from "../../main/networks/simple/wire/reply.ts";
import { domainOf } from "../../shared/model/address.ts";

/** A request of a raw device. */
export interface RawRequest {
  readonly method: string;
  readonly uri: string;
  /** Whole header lines. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Default: new ones. The same again make a repeated request. */
  readonly callId?: string;
  readonly cseq?: number;
}

/** Content types that a plain device takes. */
const plain = "text/plain";

/**
 * A SIP device without any of the program's behaviour, over clear TCP: it sends what it is told to, answers challenges,
 * takes plain text and refuses all else.
 */
export class RawDevice {
  /** MESSAGE requests that it took. */
  readonly taken: SipRequest[] = [];
  readonly #socket: Socket;
  readonly #account: TestAccount;
  readonly #waiting = new Map<string, (response: SipResponse) => void>();
  readonly #port: number;
  #cseq = 0;

  private constructor(socket: Socket, account: TestAccount) {
    this.#socket = socket;
    this.#account = account;
    this.#port = socket.localPort ?? 0;
    const framer = new SipFramer();
    socket.on("data", (chunk) => {
      for (const frame of framer.feed(chunk)) {
        if (frame.type !== "message") continue;
        const message = parseMessage(frame.head, frame.body);
        if (message.kind === "request") this.#answer(message);
        else if (message.status >= 200) this.#waiting.get(message.callId)?.(message);
      }
    });
  }

  /** Connects one of that account to a server's port for clear text. */
  static async connect(port: number, account: TestAccount): Promise<RawDevice> {
    const socket = connect(port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new RawDevice(socket, account);
  }

  /** Contact of its own. */
  get contact(): string {
    return `<sip:raw@127.0.0.1:${this.#port};transport=tcp>`;
  }

  /** Bindings of the account, before or after `contact` was added to them. */
  async bindings(contact?: string): Promise<readonly string[]> {
    const response = await this.send({
      method: "REGISTER",
      uri: `sip:${domainOf(this.#account.address)}`,
      headers: contact === undefined ? [] : [`Contact: ${contact}`, "Expires: 600"],
    });
    if (response.status !== 200) throw new Error(`the registrar answered ${response.status}`);
    return response.headers.list("contact");
  }

  /** Sends a request and answers with its final response, after answering a challenge. */
  async send(request: RawRequest): Promise<SipResponse> {
    const { callId = randomUUID(), cseq = (this.#cseq += 2), ...rest } = request;
    const first = await this.#once({ ...rest, callId, cseq }, []);
    if (first.status !== 401 && first.status !== 407) return first;
    const isProxy = first.status === 407;
    const headers = first.headers.all(isProxy ? "proxy-authenticate" : "www-authenticate");
    const [challenge] = chooseChallenges(headers, () => true);
    if (!challenge) throw new Error("the server asks for what nobody knows");
    const { address, password } = this.#account;
    const answer = new DigestAnswer(challenge, address.slice(0, address.indexOf("@")), password);
    const { method, uri, body = "" } = request;
    const authorization = `${isProxy ? "Proxy-" : ""}Authorization: ${answer.header({ method, uri, body })}`;
    return this.#once({ ...rest, callId, cseq: cseq + 1 }, [authorization]);
  }

  close(): void {
    this.#socket.destroy();
  }

  #once(
    {
      method,
      uri,
      headers = [],
      body = "",
      callId,
      cseq,
    }: RawRequest & { readonly callId: string; readonly cseq: number },
    authorization: readonly string[],
  ): Promise<SipResponse> {
    const own = `sip:${this.#account.address}`;
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/TCP 127.0.0.1:${this.#port};branch=z9hG4bK${randomUUID()};rport`,
      "Max-Forwards: 70",
      `From: <${own}>;tag=raw`,
      `To: <${method === "REGISTER" ? own : uri}>`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      ...authorization,
      ...headers,
      ...(body === "" ? [] : [`Content-Type: ${plain}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return new Promise((resolve, reject) => {
      this.#waiting.set(callId, resolve);
      this.#socket.once("close", () => reject(new Error("the server closed the connection")));
      this.#socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
    });
  }

  #answer(request: SipRequest): void {
    const isText = request.method === "MESSAGE" && request.headers.get("content-type")?.startsWith(plain) === true;
    if (isText) this.taken.push(request);
    this.#socket.write(writeReply(request, isText ? { status: 200 } : { status: 415, headers: [`Accept: ${plain}`] }));
  }
}
