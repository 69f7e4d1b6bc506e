import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";

const patience = 30_000;

/** A program that is driven from within: commands as lines of JSON on its socket, each answered in turn. */
export interface Driver {
  ask(command: string, parts?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Resolves with what `look` finds, asked again and again. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  /** Resolves with the first of the program's events, past or to come, that fits. */
  event<E>(fits: (event: E) => boolean): Promise<E>;
  close(): void;
}

/** Resolves with what `look` finds, asked again and again. `program`: what it is called in errors. */
export async function comesTo<T>(program: string, what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${program} never came to: ${what}`);
}

/** `program`: what it is called in errors. */
export async function openDriver(program: string, path: string): Promise<Driver> {
  const socket = createConnection(path);
  await once(socket, "connect");
  const ask = asking(program, socket);
  return {
    ask,
    until: (what, look) => comesTo(program, what, look),
    async event<E>(fits: (event: E) => boolean) {
      let last: readonly E[] = [];
      try {
        return await comesTo(program, "an event", async () => {
          last = (await ask("events")) as readonly E[];
          return last.find(fits);
        });
      } catch (error) {
        throw new Error(`${program}'s last events: ${JSON.stringify(last.slice(-8))}`, { cause: error });
      }
    },
    close: () => void socket.destroy(),
  };
}

function asking(program: string, socket: Socket): Driver["ask"] {
  const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  createInterface({ input: socket }).on("line", (line) => {
    const answer = JSON.parse(line) as { readonly ok?: unknown; readonly error?: string };
    const next = waiting.shift();
    if (answer.error === undefined) next?.resolve(answer.ok);
    else next?.reject(new Error(`${program}: ${answer.error}`));
  });
  socket.once("close", () => {
    for (const next of waiting.splice(0)) next.reject(new Error(`${program} has ended`));
  });
  return (command, parts = {}) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      socket.write(`${JSON.stringify({ do: command, with: parts })}\n`);
    });
}
