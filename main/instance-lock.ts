import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";

/** Longest path of a UNIX domain socket that every system takes, in bytes (macOS: 104 with the end mark). */
const maxSocketPath = 100;

/**
 * One Hallway per folder: two would write the same databases and answer the same messages. The one that runs listens on
 * a UNIX domain socket in the folder (a named pipe on Windows; never a TCP port), so the lock ends with the process,
 * whatever ends it. A second start only knocks: `onKnock` of the first shows its window. Nothing is read from the socket.
 * Answers the release, or undefined when another Hallway has the folder.
 */
export async function lockInstance(folder: string, onKnock: () => void): Promise<(() => Promise<void>) | undefined> {
  const paths = socketPaths(folder);
  for (const path of paths) {
    try {
      return await lockAt(path, onKnock);
    } catch (error) {
      // Some file systems (FAT, some of those on a network) hold no sockets.
      if (path === paths.at(-1)) throw error;
    }
  }
  return undefined;
}

async function lockAt(path: string, onKnock: () => void): Promise<(() => Promise<void>) | undefined> {
  for (let tries = 0; tries < 2; tries += 1) {
    const server = await listen(path, onKnock);
    if (server) return () => new Promise((resolve) => server.close(() => resolve()));
    if (await knock(path)) return undefined;
    // Nobody answers: what a crash left behind.
    await rm(path, { force: true });
  }
  return undefined;
}

/** Where the socket may be, the place of choice first. Every start comes to the same one. */
function socketPaths(folder: string): readonly string[] {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 24);
  if (process.platform === "win32") return [`\\\\.\\pipe\\hallway-${name}`];
  const inside = join(folder, "hallway.sock");
  const outside = join(process.env["XDG_RUNTIME_DIR"] ?? "/tmp", `hallway-${process.getuid?.() ?? 0}-${name}.sock`);
  return Buffer.byteLength(inside) <= maxSocketPath ? [inside, outside] : [outside];
}

function listen(path: string, onKnock: () => void): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.destroy();
      onKnock();
    });
    server.maxConnections = 4;
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen({ path, readableAll: false, writableAll: false }, () => resolve(server));
  });
}

function knock(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
