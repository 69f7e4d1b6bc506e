import { leastLimit } from "./size-limit.ts";

/** An own message that the server had not acknowledged when the stream was lost. */
interface Left {
  readonly id: string;
  /** On the wire. */
  readonly bytes: number;
}

/**
 * Streams that end without a word. Some servers, and what stands before them, drop the connection at what is too long
 * for them and say nothing, so that the message would be sent again and drop it again for ever. Lost twice in a row
 * with the same long message under way, a stream counts as refused for it; what every server has to take is under no
 * suspicion, however often the network fails.
 */
export class DroppedStreams {
  #before: ReadonlySet<string> = new Set();

  /**
   * A stream was dropped, or refused with a word, which may get lost the next time: a server that closes while more is
   * coming resets the connection. This was left. Answers whether a drop was a refusal.
   */
  dropped(left: readonly Left[]): boolean {
    const long = new Set(left.flatMap(({ id, bytes }) => (bytes > leastLimit ? [id] : [])));
    const again = [...long].some((id) => this.#before.has(id));
    this.#before = long;
    return again;
  }
}
