import { Recent } from "../recent.ts";

/**
 * RFC 3428 section 8: a message may always be this large, in bytes; what is not larger is not what a server closes the
 * connection for.
 */
const alwaysFits = 1_300;
/** Losses of the connection after which a message that was under way at each of them is held to be their cause. */
const maxLosses = 2;

/**
 * Texts that were sent and are not answered. A server that closes the connection for a message that is too large for it
 * gives no other reason; sent again first each time, the message would keep all others from going. So the largest that
 * is under way when the connection is lost is suspected, and after the second time it is not sent again.
 */
export class Flights {
  readonly #bytes = new Map<string, number>();
  readonly #losses = new Recent<number>(200);

  /** It is under way. `bytes`: of its body on the wire. */
  begin(id: string, bytes: number): void {
    this.#bytes.set(id, bytes);
  }

  /** It was answered, or given up. */
  end(id: string): void {
    this.#bytes.delete(id);
  }

  /** The connection is gone, by itself or not: nothing is under way any more. */
  clear(): void {
    this.#bytes.clear();
  }

  /** The connection was lost. The id of the message that is held to be the cause; undefined: none is, or not yet. */
  lost(): string | undefined {
    const [largest] = [...this.#bytes].sort(([, a], [, b]) => b - a);
    this.clear();
    if (!largest || largest[1] <= alwaysFits) return undefined;
    const [id] = largest;
    const losses = (this.#losses.get(id) ?? 0) + 1;
    this.#losses.set(id, losses);
    return losses >= maxLosses ? id : undefined;
  }
}
