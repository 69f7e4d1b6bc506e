import type { TestAccount } from "../../main/networks/conformance/harness.ts";
import type { SipRequest, SipResponse } from "../../main/networks/simple/wire/message.ts";
import { domainOf } from "../../shared/model/address.ts";
import { type RawRequest, RawSip } from "./simple-raw.ts";

/** A request of a device. `lines`: without From and To, and without the type of a text. */
export interface DeviceRequest extends Omit<RawRequest, "lines" | "isWhole"> {
  readonly lines?: readonly string[];
}

/** Content types that a plain device takes. */
const plain = "text/plain";

/** A plain SIP device without any of the program's behaviour: it takes plain text and refuses all else. */
export class RawDevice {
  readonly #sip: RawSip;

  private constructor(sip: RawSip) {
    this.#sip = sip;
    sip.answer = (request) => (isText(request) ? { status: 200 } : { status: 415, lines: [`Accept: ${plain}`] });
  }

  /** Connects one of that account to a server's port for clear text. */
  static async connect(port: number, account: TestAccount): Promise<RawDevice> {
    return new RawDevice(await RawSip.connect(port, account));
  }

  /** MESSAGE requests that it took. */
  get taken(): readonly SipRequest[] {
    return this.#sip.requests.filter(isText);
  }

  /** Contact of its own. */
  get contact(): string {
    return `<sip:raw@127.0.0.1:${this.#sip.port};transport=tcp>`;
  }

  /** Bindings of the account, before or after `contact` was added to them. */
  async bindings(contact?: string): Promise<readonly string[]> {
    const response = await this.send({
      method: "REGISTER",
      uri: `sip:${domainOf(this.#sip.account.address)}`,
      lines: contact === undefined ? [] : [`Contact: ${contact}`, "Expires: 600"],
    });
    if (response.status !== 200) throw new Error(`the registrar answered ${response.status}`);
    return response.headers.list("contact");
  }

  /** Sends a request and answers with its final response, after answering a challenge. */
  send({ lines = [], ...request }: DeviceRequest): Promise<SipResponse> {
    const own = `sip:${this.#sip.account.address}`;
    const to = request.method === "REGISTER" ? own : request.uri;
    const type = request.body === undefined ? [] : [`Content-Type: ${plain}`];
    return this.#sip.ask({ ...request, lines: [`From: <${own}>;tag=raw`, `To: <${to}>`, ...lines, ...type] });
  }

  close(): void {
    this.#sip.close();
  }
}

function isText({ method, headers }: SipRequest): boolean {
  return method === "MESSAGE" && headers.get("content-type")?.startsWith(plain) === true;
}
