import { isIP, type Socket } from "node:net";
import { HallwayError } from "../../../shared/errors.ts";
import { canonicalIp, urlHost } from "../../addressing/host-port.ts";
import type { Proxy } from "./proxy.ts";

/** Where a proxy is to connect to. The name is the proxy's to resolve. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

const maxHead = 16_384;

/** A connection that ended, or a proxy that does not speak as it should, while it was asked. */
function broken(proxy: Proxy, cause?: unknown): HallwayError {
  return new HallwayError("proxy-failed", { proxy: proxy.host }, cause);
}

/** Exactly so many bytes; what comes after them stays in the socket. */
async function read(socket: Socket, proxy: Proxy, count: number): Promise<Buffer> {
  for (;;) {
    const bytes: unknown = socket.read(count);
    if (Buffer.isBuffer(bytes) && bytes.length === count) return bytes;
    await more(socket, proxy);
  }
}

function more(socket: Socket, proxy: Proxy): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      socket.off("readable", good);
      socket.off("error", bad);
      socket.off("close", bad);
      socket.off("end", bad);
    };
    const good = (): void => {
      done();
      resolve();
    };
    const bad = (error?: unknown): void => {
      done();
      reject(error instanceof HallwayError ? error : broken(proxy, error));
    };
    if (socket.destroyed || socket.readableEnded) {
      bad();
      return;
    }
    socket.on("readable", good);
    socket.on("error", bad);
    socket.on("close", bad);
    socket.on("end", bad);
  });
}

function authority({ host, port }: Target): string {
  return `${urlHost(host)}:${port}`;
}

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6). Errors: `proxy-refused` when it says no, `proxy-failed`.
 */
export async function askHttp(socket: Socket, proxy: Proxy, target: Target): Promise<void> {
  const where = authority(target);
  if (/[\s\0]/.test(where)) throw new HallwayError("invalid-argument");
  const login = proxy.login && Buffer.from(`${proxy.login.user}:${proxy.login.password}`).toString("base64");
  socket.write(
    `CONNECT ${where} HTTP/1.1\r\nHost: ${where}\r\n${login === undefined ? "" : `Proxy-Authorization: Basic ${login}\r\n`}\r\n`,
  );
  let head = "";
  while (!head.endsWith("\r\n\r\n")) {
    if (head.length >= maxHead) throw broken(proxy);
    // Byte by byte, since what follows the head belongs to the server.
    head += (await read(socket, proxy, 1)).toString("latin1");
  }
  const status = /^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(head)?.[1];
  if (status === undefined) throw broken(proxy);
  if (!status.startsWith("2")) throw new HallwayError("proxy-refused", { proxy: proxy.host, host: target.host });
}

/**
 * Asks a SOCKS 5 proxy for a connection (RFC 1928, RFC 1929). Errors: `proxy-refused` when it says no, `proxy-failed`.
 */
export async function askSocks(socket: Socket, proxy: Proxy, target: Target): Promise<void> {
  const refused = () => new HallwayError("proxy-refused", { proxy: proxy.host, host: target.host });
  const methods = proxy.login ? [0, 2] : [0];
  socket.write(Buffer.from([5, methods.length, ...methods]));
  const [version, method] = await read(socket, proxy, 2);
  if (version !== 5) throw broken(proxy);
  if (method === 2 && proxy.login) {
    const [user, password] = [Buffer.from(proxy.login.user), Buffer.from(proxy.login.password)];
    if (user.length > 255 || password.length > 255) throw refused();
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
    const [, status] = await read(socket, proxy, 2);
    if (status !== 0) throw refused();
  } else if (method !== 0) {
    throw refused();
  }
  socket.write(
    Buffer.concat([Buffer.from([5, 1, 0]), addressOf(target), Buffer.from([target.port >> 8, target.port & 255])]),
  );
  const [answer, reply, , kind] = await read(socket, proxy, 4);
  if (answer !== 5) throw broken(proxy);
  if (reply !== 0) throw refused();
  // The bound address is of no use to us; its length has to be known to skip it.
  const length = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? ((await read(socket, proxy, 1))[0] ?? 0) : undefined;
  if (length === undefined) throw broken(proxy);
  await read(socket, proxy, length + 2);
}

/** Section 5. A name goes as a name; the zone of an address means nothing to another computer. */
function addressOf({ host }: Target): Buffer {
  const bare = canonicalIp(host);
  if (isIP(bare) === 4) return Buffer.from([1, ...bare.split(".").map(Number)]);
  if (isIP(bare) === 6) return Buffer.concat([Buffer.from([4]), bytesOfIpv6(bare)]);
  const name = Buffer.from(bare);
  if (name.length > 255) throw new HallwayError("invalid-argument");
  return Buffer.concat([Buffer.from([3, name.length]), name]);
}

/** The 16 bytes of an address in its canonical spelling, which has no dots. */
function bytesOfIpv6(canonical: string): Buffer {
  const [left = [], right = []] = canonical.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return Buffer.from([...left, ...zeros, ...right].map((group) => group.padStart(4, "0")).join(""), "hex");
}
