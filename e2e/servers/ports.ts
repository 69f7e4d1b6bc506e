import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, createServer, type NetConnectOpts } from "node:net";

/**
 * Ports are taken below the range that the system gives to outgoing connections, so that none is lost between choosing
 * and listening.
 */
const lowest = 20_000;
const highest = 32_000;

/** How many ports a process claims at a time. */
const sliceSize = 120;
const slices = (highest - lowest) / sliceSize;

/**
 * Ports of one process, none of which it gives twice: a server needs a moment to take its port, and a closed door is
 * opened again; nobody else must be given it meanwhile.
 */
interface Slice {
  readonly first: number;
  given: number;
}
let current: Promise<Slice | undefined> | undefined;

/** `count` different ports of 127.0.0.1 that are free for both TCP and UDP. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let tries = 0; found.length < count && tries < 1000; tries++) {
    const port = await nextPort();
    if (!found.includes(port) && (await isFree(port))) found.push(port);
  }
  if (found.length < count) throw new Error("no free ports on 127.0.0.1");
  return found;
}

async function nextPort(): Promise<number> {
  for (;;) {
    current ??= claimSlice();
    const claim = current;
    const slice = await claim;
    if (!slice) return randomInt(lowest, highest);
    slice.given += 1;
    if (slice.given < sliceSize) return slice.first + slice.given;
    if (current === claim) current = undefined;
  }
}

/**
 * A slice that no process has claimed: as long as a process runs, it listens on the first port of each of its slices.
 * Undefined where all are taken.
 */
async function claimSlice(): Promise<Slice | undefined> {
  for (let tries = 0; tries < slices; tries++) {
    const first = lowest + ((process.pid + tries) % slices) * sliceSize;
    const server = createServer().unref();
    const claimed = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen({ host: "127.0.0.1", port: first, exclusive: true }, () => resolve(true));
    });
    if (claimed) return { first, given: 0 };
  }
  return undefined;
}

async function isFree(port: number): Promise<boolean> {
  const tcp = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
  if (!tcp) return false;
  return new Promise<boolean>((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => resolve(false));
    socket.bind({ address: "127.0.0.1", port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/**
 * Resolves when something accepts connections at 127.0.0.1:port; rejects after `timeout` ms or as soon as `givenUp`
 * says why.
 */
export function waitForPort(port: number, timeout: number, givenUp: () => string | undefined): Promise<void> {
  return waitFor({ host: "127.0.0.1", port, name: `port ${port}` }, timeout, givenUp);
}

/** As waitForPort, for a socket in the file system. */
export function waitForSocket(path: string, timeout: number, givenUp: () => string | undefined): Promise<void> {
  return waitFor({ path, name: path }, timeout, givenUp);
}

async function waitFor(
  { name, ...place }: NetConnectOpts & { readonly name: string },
  timeout: number,
  givenUp: () => string | undefined,
): Promise<void> {
  const end = Date.now() + timeout;
  for (;;) {
    if (await accepts(place)) return;
    const why = givenUp() ?? (Date.now() > end ? `nothing listens on ${name} after ${timeout} ms` : undefined);
    if (why) throw new Error(why);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function accepts(place: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
