import type { MessageNotice } from "../../../../shared/model/notice.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import type { TestClient } from "../testing/client.ts";
import { type Scene, useScene } from "../testing/scene.ts";
import type { ScriptedServer } from "../testing/scripted-server.ts";
import type { SipResponse } from "../wire/message.ts";

/** Requests to Alice's client in each test of a file, and what arrives of them as messages. */
export class Arrivals {
  #scene: Scene | undefined;
  #client: TestClient | undefined;
  #marks = 0;

  constructor() {
    useScene((scene) => {
      this.#scene = scene;
      this.#client = scene.client;
    });
  }

  get server(): ScriptedServer {
    return this.#begun.server;
  }

  get client(): TestClient {
    return this.#client ?? this.#begun.client;
  }

  get #begun(): Scene {
    if (this.#scene === undefined) throw new Error("No test has begun");
    return this.#scene;
  }

  /** Closes the client, and signs another one in, which remembers nothing. */
  async replaceClient(over: Partial<NetworkEnvironment>): Promise<void> {
    const { cache, open } = this.#begun;
    this.client.connection.close();
    cache.clear();
    this.#client = open(over);
    await this.#client.signIn();
  }

  /** Sends a request and resolves with its answer. `callId`: given again, it is one of the same call. */
  answerTo(
    method: string,
    lines: readonly string[],
    { body = "", callId }: { readonly body?: string | Uint8Array; readonly callId?: string | undefined } = {},
  ): Promise<SipResponse> {
    return this.server.ask(method, [...(callId === undefined ? [] : [`Call-ID: ${callId}`]), ...lines], body);
  }

  /** Everything that came as a message until one that is sent now, which is read after it. */
  async all(): Promise<readonly { readonly body: string; readonly notice?: MessageNotice }[]> {
    this.#marks += 1;
    const mark = `mark ${this.#marks}`;
    await this.answerTo("MESSAGE", ["Content-Type: text/plain"], { body: mark });
    await this.client.event("message", (e) => e.message.body === mark);
    return this.client.events.flatMap((e) =>
      e.type === "message" && !e.message.body.startsWith("mark ")
        ? [{ body: e.message.body, ...(e.message.notice === undefined ? {} : { notice: e.message.notice }) }]
        : [],
    );
  }
}
