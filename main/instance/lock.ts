import { createHash } from "node:crypto";
import { realpath, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { isPrivate, makePrivate } from "../storage/private-folder.ts";
import { answerKnocks, knock, type OnKnock } from "./knock.ts";
import { instanceSecret } from "./secret.ts";

/** Longest path of a UNIX domain socket that every system takes, in bytes (macOS: 104 with the end mark). */
const maxSocketPath = 100;

/** The place of the lock belongs to another user, or something else answers there. `place`: a path. */
export class ForeignLock extends Error {
  readonly place: string;

  constructor(place: string) {
    super(`the lock at ${place} is not Hallway's`);
    this.place = place;
  }
}

/**
 * One Hallway per folder: two would write the same databases and answer the same messages. The one that runs listens on
 * a UNIX domain socket in a folder that nobody else can write to (a named pipe on Windows; never a TCP port), so the
 * lock ends with the process, whatever ends it. A second start only knocks: it sends a challenge, which only a Hallway
 * of the same person can answer (knock.ts), and then `link`, if it was given one; `onKnock` of the first shows its
 * window. Answers the release, or undefined when another Hallway has the folder. Error: ForeignLock.
 */
export async function lockInstance(
  folder: string,
  onKnock: OnKnock,
  link?: string,
): Promise<(() => Promise<void>) | undefined> {
  // A person may have put it elsewhere and left a link.
  if (!(await isPrivate(await realpath(folder)))) throw new ForeignLock(folder);
  const secret = await instanceSecret(folder);
  const lockAt = (path: string) => lockedAt(path, { secret, onKnock, link });
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 24);
  // Nobody who does not know the secret knows the name.
  if (process.platform === "win32")
    return lockAt(`\\\\.\\pipe\\hallway-${createHash("sha256").update(secret).digest("hex").slice(0, 24)}`);
  const inside = join(folder, "hallway.sock");
  if (Buffer.byteLength(inside) <= maxSocketPath) {
    try {
      return await lockAt(inside);
    } catch (error) {
      // Some file systems (FAT, some of those on a network) hold no sockets.
      if (error instanceof ForeignLock) throw error;
    }
  }
  return lockAt(join(await outerFolder(), `${name}.sock`));
}

/**
 * Where the socket is when the profile's folder can hold none: in the session's folder, or in one of our own where
 * everybody can write. Error: ForeignLock.
 */
async function outerFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const session = env["XDG_RUNTIME_DIR"];
  const folder = join(
    session?.startsWith("/") && (await isPrivate(session)) ? session : "/tmp",
    `hallway-${process.getuid?.() ?? 0}`,
  );
  if (!(await makePrivate(folder))) throw new ForeignLock(folder);
  return folder;
}

interface LockParts {
  readonly secret: Buffer;
  readonly onKnock: OnKnock;
  readonly link: string | undefined;
}

async function lockedAt(path: string, parts: LockParts): Promise<(() => Promise<void>) | undefined> {
  for (let tries = 0; tries < 2; tries += 1) {
    const server = await listen(path, parts);
    if (server) return () => new Promise((resolve) => server.close(() => resolve()));
    const answer = await knock(path, parts.secret, parts.link);
    if (answer === "foreign") throw new ForeignLock(path);
    if (answer === "ours") return undefined;
    // Nobody answers: what a crash left behind.
    await rm(path, { force: true });
  }
  throw new ForeignLock(path);
}

function listen(path: string, { secret, onKnock }: LockParts): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    // Half open: the other side says all that it has to say, and is answered all the same.
    const server = createServer({ allowHalfOpen: true }, (socket) => answerKnocks(socket, secret, onKnock));
    server.maxConnections = 4;
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(undefined) : reject(error),
    );
    server.listen({ path, readableAll: false, writableAll: false }, () => resolve(server));
  });
}
