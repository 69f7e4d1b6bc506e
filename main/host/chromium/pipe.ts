import type { Readable, Writable } from "node:stream";

/** Largest message taken from the browser, in bytes; beyond it the connection is ended. */
const maxMessageSize = 32 * 1024 * 1024;

export type CdpParams = Readonly<Record<string, unknown>>;

export interface CdpEvent {
  readonly method: string;
  readonly params: CdpParams;
  /** Which attached target; undefined: the browser itself. */
  readonly sessionId: string | undefined;
}

/** A Chrome DevTools Protocol connection. Commands reject when the browser refuses them or the pipe ends. */
export interface CdpPipe {
  send(method: string, params?: CdpParams, sessionId?: string): Promise<CdpParams>;
  close(): void;
}

/** Ends of the browser's pipes that are on our side. */
interface PipeEnds {
  readonly input: Writable;
  readonly output: Readable;
}

interface PipeListener {
  /** Told every event in order. */
  onEvent(event: CdpEvent): void;
  /** Told once, when the pipe is over for whatever reason. */
  onEnd(): void;
}

/** Speaks the protocol over a pair of pipes: JSON messages, each ended by a zero byte (`--remote-debugging-pipe`). */
export function createPipe(ends: PipeEnds, listener: PipeListener): CdpPipe {
  return new Pipe(ends, listener);
}

class Pipe implements CdpPipe {
  readonly #ends: PipeEnds;
  readonly #listener: PipeListener;
  readonly #pending = new Map<number, { resolve(result: CdpParams): void; reject(error: Error): void }>();
  #nextId = 1;
  #ended = false;
  /** Pieces of a message whose end has not come yet, and their length in bytes. */
  #parts: Buffer[] = [];
  #size = 0;

  constructor(ends: PipeEnds, listener: PipeListener) {
    this.#ends = ends;
    this.#listener = listener;
    const { input, output } = ends;
    output.on("data", (chunk: Buffer) => this.#onData(chunk));
    for (const stream of [input, output]) {
      stream.on("error", () => this.close());
      stream.on("close", () => this.close());
    }
    // A browser that was started ahead may have ended before anybody listened: its streams say nothing more.
    if (input.destroyed || output.destroyed) this.close();
  }

  send(method: string, params: CdpParams = {}, sessionId?: string): Promise<CdpParams> {
    if (this.#ended) return Promise.reject(new Error("the browser is gone"));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      const message = { id, method, params, ...(sessionId === undefined ? {} : { sessionId }) };
      this.#ends.input.write(`${JSON.stringify(message)}\0`);
    });
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts = [];
    this.#ends.input.destroy();
    this.#ends.output.destroy();
    for (const { reject } of this.#pending.values()) reject(new Error("the browser is gone"));
    this.#pending.clear();
    this.#listener.onEnd();
  }

  #onData(chunk: Buffer): void {
    let start = 0;
    for (let zero = chunk.indexOf(0); zero !== -1 && !this.#ended; zero = chunk.indexOf(0, start)) {
      const text = Buffer.concat([...this.#parts, chunk.subarray(start, zero)]).toString("utf8");
      this.#parts = [];
      this.#size = 0;
      start = zero + 1;
      this.#onMessage(text);
    }
    if (start === chunk.length) return;
    this.#size += chunk.length - start;
    if (this.#size > maxMessageSize) this.close();
    else this.#parts.push(chunk.subarray(start));
  }

  #onMessage(text: string): void {
    const message = parseMessage(text);
    if (message === undefined) return;
    if (message.id === undefined) {
      if (message.method !== undefined)
        this.#listener.onEvent({ method: message.method, params: message.params, sessionId: message.sessionId });
      return;
    }
    const waiter = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === undefined) waiter?.resolve(message.result);
    else waiter?.reject(new Error(message.error));
  }
}

interface Message {
  readonly id: number | undefined;
  readonly method: string | undefined;
  readonly params: CdpParams;
  readonly result: CdpParams;
  readonly error: string | undefined;
  readonly sessionId: string | undefined;
}

function parseMessage(text: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { id, method, params, result, error, sessionId } = value;
  return {
    id: typeof id === "number" ? id : undefined,
    method: typeof method === "string" ? method : undefined,
    params: isRecord(params) ? params : {},
    result: isRecord(result) ? result : {},
    error: isRecord(error) ? String(error["message"]) : undefined,
    sessionId: typeof sessionId === "string" ? sessionId : undefined,
  };
}

/** A JSON object, as opposed to any other JSON value. */
export function isRecord(value: unknown): value is CdpParams {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
