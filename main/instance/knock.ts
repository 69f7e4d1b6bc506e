import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { connect, type Socket } from "node:net";

/** Bytes of a challenge and of its answer (SHA-256). */
const length = 32;
/** How long either side waits for the other, in milliseconds. */
const patience = 5_000;

/** Listener at the place of the lock: a Hallway of this person, something else, or nobody. */
export type Answer = "ours" | "foreign" | "nobody";

/** Answers one challenge of a second start, and tells of it. Whatever is no challenge ends the connection. */
export function answerKnocks(socket: Socket, secret: Buffer, onKnock: () => void): void {
  read(socket, length, (challenge) => {
    if (!challenge) return void socket.destroy();
    socket.end(proof(secret, challenge));
    onKnock();
  });
}

/** Sends a challenge, and looks whether the answer proves knowledge of the secret. */
export function knock(path: string, secret: Buffer): Promise<Answer> {
  return new Promise((resolve) => {
    const challenge = randomBytes(length);
    let connected = false;
    const socket = connect(path, () => {
      connected = true;
      socket.write(challenge);
    });
    read(socket, length, (answer) => {
      socket.destroy();
      if (answer && timingSafeEqual(answer, proof(secret, challenge))) resolve("ours");
      else resolve(connected ? "foreign" : "nobody");
    });
  });
}

function proof(secret: Buffer, challenge: Buffer): Buffer {
  return createHmac("sha256", secret).update("hallway instance").update(challenge).digest();
}

/**
 * The first so many bytes, once; undefined when they do not come in time, or when the connection ends or fails before.
 */
function read(socket: Socket, count: number, done: (bytes: Buffer | undefined) => void): void {
  let bytes = Buffer.alloc(0);
  let over = false;
  const finish = (result: Buffer | undefined): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    done(result);
  };
  const timer = setTimeout(() => finish(undefined), patience);
  socket.on("data", (chunk: Buffer) => {
    if (over) return;
    bytes = Buffer.concat([bytes, chunk.subarray(0, count - bytes.length)]);
    if (bytes.length === count) finish(bytes);
  });
  socket.on("error", () => finish(undefined));
  socket.on("close", () => finish(undefined));
}
