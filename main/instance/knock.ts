import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { connect, type Socket } from "node:net";
import { maxLinkLength } from "../addressing/link-schemes.ts";

/** Bytes of a challenge and of its answer (SHA-256). */
const length = 32;
/** How long either side waits for the other, in milliseconds. */
const patience = 5_000;

/** Listener at the place of the lock: a Hallway of this person, something else, or nobody. */
export type Answer = "ours" | "foreign" | "nobody";

/** Called at a second start, with the link that it was given: undefined where it was given none, or one too long. */
export type OnKnock = (link?: string) => void;

/**
 * Answers one challenge of a second start, and tells of it with the link that may follow. Whatever is no challenge ends
 * the connection.
 */
export function answerKnocks(socket: Socket, secret: Buffer, onKnock: OnKnock): void {
  read(socket, { least: length, most: length }, (challenge) => {
    if (!challenge) return void socket.destroy();
    socket.write(proof(secret, challenge));
    read(socket, { least: 0, most: maxLinkLength + 1 }, (link) => {
      if (link === undefined) socket.destroy();
      else socket.end();
      onKnock(link === undefined || link.length === 0 || link.length > maxLinkLength ? undefined : link.toString());
    });
  });
}

/**
 * Sends a challenge, and looks whether the answer proves knowledge of the secret. Only who proves it is sent the link.
 */
export function knock(path: string, secret: Buffer, link = ""): Promise<Answer> {
  return new Promise((resolve) => {
    const challenge = randomBytes(length);
    let connected = false;
    const socket = connect(path, () => {
      connected = true;
      socket.write(challenge);
    });
    read(socket, { least: length, most: length }, (answer) => {
      if (answer && timingSafeEqual(answer, proof(secret, challenge))) {
        socket.end(link.slice(0, maxLinkLength + 1), () => {
          socket.destroy();
          resolve("ours");
        });
        return;
      }
      socket.destroy();
      resolve(connected ? "foreign" : "nobody");
    });
  });
}

function proof(secret: Buffer, challenge: Buffer): Buffer {
  return createHmac("sha256", secret).update("hallway instance").update(challenge).digest();
}

/**
 * The first bytes, once: as soon as there are `most`, or, if there are `least`, when the other side has said all.
 * Undefined: neither came in time, or the connection failed before.
 */
function read(
  socket: Socket,
  { least, most }: { readonly least: number; readonly most: number },
  done: (bytes: Buffer | undefined) => void,
): void {
  let bytes = Buffer.alloc(0);
  let over = false;
  const finish = (isWhole: boolean): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    socket.off("data", take);
    done(isWhole ? bytes : undefined);
  };
  const take = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk.subarray(0, most - bytes.length)]);
    if (bytes.length === most) finish(true);
  };
  const timer = setTimeout(() => finish(false), patience);
  socket.on("data", take);
  socket.on("end", () => finish(bytes.length >= least));
  socket.on("error", () => finish(false));
  socket.on("close", () => finish(false));
}
