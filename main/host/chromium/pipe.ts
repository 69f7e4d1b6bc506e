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
export function createPipe({ input, output }: PipeEnds, { onEvent, onEnd }: PipeListener): CdpPipe {
  const pending = new Map<number, { resolve(result: CdpParams): void; reject(error: Error): void }>();
  let nextId = 1;
  let ended = false;
  let parts: Buffer[] = [];
  let size = 0;

  function end(): void {
    if (ended) return;
    ended = true;
    parts = [];
    input.destroy();
    output.destroy();
    for (const { reject } of pending.values()) reject(new Error("the browser is gone"));
    pending.clear();
    onEnd();
  }

  function onData(chunk: Buffer): void {
    let start = 0;
    for (let zero = chunk.indexOf(0); zero !== -1 && !ended; zero = chunk.indexOf(0, start)) {
      const text = Buffer.concat([...parts, chunk.subarray(start, zero)]).toString("utf8");
      parts = [];
      size = 0;
      start = zero + 1;
      onMessage(text);
    }
    if (start === chunk.length) return;
    size += chunk.length - start;
    if (size > maxMessageSize) end();
    else parts.push(chunk.subarray(start));
  }

  function onMessage(text: string): void {
    const message = parseMessage(text);
    if (message === undefined) return;
    if (message.id === undefined) {
      if (message.method !== undefined)
        onEvent({ method: message.method, params: message.params, sessionId: message.sessionId });
      return;
    }
    const waiter = pending.get(message.id);
    pending.delete(message.id);
    if (message.error === undefined) waiter?.resolve(message.result);
    else waiter?.reject(new Error(message.error));
  }

  output.on("data", onData);
  for (const stream of [input, output]) {
    stream.on("error", end);
    stream.on("close", end);
  }
  // A browser that was started ahead may have ended before anybody listened: its streams say nothing more.
  if (input.destroyed || output.destroyed) end();

  return {
    send(method, params = {}, sessionId) {
      if (ended) return Promise.reject(new Error("the browser is gone"));
      const id = nextId++;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        input.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
      });
    },
    close: end,
  };
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
