import { randomUUID } from "node:crypto";
import net from "node:net";
import type { TestAccount } from "../../main/networks/conformance/harness.ts";
import { chooseChallenges, DigestAnswer } from "../../main/networks/simple/authentication/digest.ts";
import { SipFramer } from "../../main/networks/simple/transports/framer.ts";
import { parseMessage, type SipRequest, type SipResponse } from "../../main/networks/simple/wire/message.ts";
import { domainOf, localOf } from "../../shared/model/address.ts";

/** A request as it goes on the wire: nothing is checked, and each character of the head is a byte. */
export interface RawRequest {
  readonly method: string;
  readonly uri: string;
  /** Whole header lines, without Via, Max-Forwards, Call-ID, CSeq and Content-Length. */
  readonly lines: readonly string[];
  readonly body?: string | Buffer;
  /** The lines have a length and an end of the head of their own, and maybe a body. */
  readonly isWhole?: true;
  /** Default: new ones. The same again make a repeated request. */
  readonly callId?: string;
  readonly cseq?: number;
}

/** Answer to a request; undefined: none at all. */
export type RawAnswer = { readonly status: number; readonly lines?: readonly string[] } | undefined;

/** A SIP client of a stranger over TCP. It has no rules but those that the tests give it. */
export class RawSip {
  readonly account: TestAccount;
  readonly #socket: net.Socket;
  readonly #awaited = new Map<string, (answer: SipResponse | Error) => void>();
  /** Requests that came. */
  readonly requests: SipRequest[] = [];
  /** Script of the answers to requests. */
  answer: (request: SipRequest) => RawAnswer = () => ({ status: 200 });
  #sequence = 0;

  private constructor(account: TestAccount, socket: net.Socket) {
    this.account = account;
    this.#socket = socket;
    const framer = new SipFramer();
    socket.on("data", (chunk) => {
      for (const frame of framer.feed(chunk)) {
        if (frame.type === "message") this.#take(frame.head, frame.body);
      }
    });
    const end = (): void => {
      for (const settle of this.#awaited.values()) settle(new Error("the server closed the connection"));
      this.#awaited.clear();
    };
    socket.on("error", end).on("close", end);
  }

  /** Connects to a port of 127.0.0.1. */
  static async connect(port: number, account: TestAccount): Promise<RawSip> {
    const socket = net.connect(port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve).once("error", reject);
    });
    return new RawSip(account, socket);
  }

  /** Port of its side of the connection. */
  get port(): number {
    return this.#socket.localPort ?? 0;
  }

  /** Signs in, so that requests to the account come here. */
  async register(): Promise<void> {
    const { address } = this.account;
    const { status } = await this.ask({
      method: "REGISTER",
      uri: `sip:${domainOf(address)}`,
      lines: [
        `From: <sip:${address}>;tag=raw`,
        `To: <sip:${address}>`,
        `Contact: <sip:${localOf(address)}@127.0.0.1:${this.port};transport=tcp>`,
        "Expires: 600",
      ],
    });
    if (status !== 200) throw new Error(`the registration was answered ${status}`);
  }

  /** Sends a request, and again with the digest that the server asks for. Resolves with its final answer. */
  async ask(request: RawRequest): Promise<SipResponse> {
    const { callId = randomUUID(), cseq = (this.#sequence += 2) } = request;
    const first = await this.#send({ ...request, callId, cseq }, []);
    const isProxy = first.status === 407;
    if (!isProxy && first.status !== 401) return first;
    const asked = first.headers.all(isProxy ? "proxy-authenticate" : "www-authenticate");
    const [challenge] = chooseChallenges(asked, () => true);
    if (!challenge) return first;
    const { address, password } = this.account;
    const { method, uri, body = "" } = request;
    const digest = new DigestAnswer(challenge, localOf(address), password).header({ method, uri, body: `${body}` });
    return this.#send({ ...request, callId, cseq: cseq + 1 }, [
      `${isProxy ? "Proxy-Authorization" : "Authorization"}: ${digest}`,
    ]);
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(
    {
      method,
      uri,
      lines,
      body = "",
      isWhole,
      callId,
      cseq: number,
    }: RawRequest & { readonly callId: string; readonly cseq: number },
    authorization: readonly string[],
  ): Promise<SipResponse> {
    const cseq = `${number} ${method}`;
    const head = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/TCP 127.0.0.1:${this.port};branch=z9hG4bK${randomUUID()};rport`,
      "Max-Forwards: 70",
      `Call-ID: ${callId}`,
      `CSeq: ${cseq}`,
      ...authorization,
      ...lines,
      ...(isWhole ? [] : [`Content-Length: ${Buffer.byteLength(body)}`, "\r\n"]),
    ].join("\r\n");
    return new Promise((resolve, reject) => {
      this.#awaited.set(`${callId} ${cseq}`, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      this.#socket.write(Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]));
    });
  }

  #take(head: Uint8Array, body: Uint8Array): void {
    // A server that takes LF for the end of a line repeats it in what it answers.
    const lines = Buffer.from(head).toString("latin1").replace(/\r?\n/g, "\r\n");
    const message = parseMessage(Buffer.from(lines, "latin1"), body);
    if (message.kind === "request") {
      this.requests.push(message);
      this.#reply(message, this.answer(message));
    } else if (message.status >= 200) {
      const key = `${message.callId} ${message.cseq.number} ${message.cseq.method}`;
      this.#awaited.get(key)?.(message);
      this.#awaited.delete(key);
    }
  }

  #reply(request: SipRequest, answer: RawAnswer): void {
    if (!answer) return;
    const { headers, callId, cseq } = request;
    const to = headers.get("to") ?? "";
    const lines = [
      `SIP/2.0 ${answer.status} Raw`,
      ...headers.all("via").map((via) => `Via: ${via}`),
      ...headers.all("record-route").map((route) => `Record-Route: ${route}`),
      `From: ${headers.get("from") ?? ""}`,
      `To: ${to.includes("tag=") ? to : `${to};tag=raw`}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq.number} ${cseq.method}`,
      ...(answer.lines ?? []),
      "Content-Length: 0",
    ];
    this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  }
}
