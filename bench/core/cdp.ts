/** A connection to one target of a browser's debugging port (Chrome DevTools Protocol). */
export interface Target {
  /** Sends a command and answers its result. `Result` is what the protocol says of it. */
  call<Result>(method: string, params?: Readonly<Record<string, unknown>>): Promise<Result>;
  close(): void;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Attaches by WebSocket. It is lighter and earlier there than a test tool, which matters when starts are timed. */
export async function attachTarget(url: string): Promise<Target> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error("the browser does not answer")), { once: true });
  });
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as Answer;
    const call = id === undefined ? undefined : pending.get(id);
    if (id === undefined || !call) return;
    pending.delete(id);
    if (error) call.reject(new Error(error.message));
    else call.resolve(result);
  });
  socket.addEventListener("close", () => {
    for (const { reject } of pending.values()) reject(new Error("the browser has gone"));
    pending.clear();
  });
  return {
    call: <Result>(method: string, params: Readonly<Record<string, unknown>> = {}) =>
      new Promise<Result>((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(new Error("the browser has gone"));
        const id = ++last;
        pending.set(id, { resolve: (value) => resolve(value as Result), reject });
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => socket.close(),
  };
}
