import * as v from "valibot";
import type { NetworkEnvironment } from "../../environment.ts";
import type { Log } from "../../log.ts";

const StoredSchema = v.object({
  /** Entity-tag (RFC 3903 section 11.3.1: a token). */
  etag: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.!%*_+`'~-]{1,256}$/)),
  /** Milliseconds since the epoch. */
  until: v.number(),
});
type Stored = v.InferOutput<typeof StoredSchema>;

/** A publication counts as gone this long after it ran out, in ms: clocks differ. */
const grace = 60_000;

/**
 * The presence of this device that its server holds: the entity-tag, kept over connections and restarts. Without it the
 * next connection could only publish beside it, and both would be seen until the first runs out.
 */
export class PublicationState {
  readonly #environment: Pick<NetworkEnvironment, "cache" | "now">;
  readonly #key: string;
  readonly #log: Log;
  #stored: Stored | undefined;
  #loaded: Promise<void> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(environment: Pick<NetworkEnvironment, "cache" | "now" | "log">, accountId: string) {
    this.#environment = environment;
    this.#key = `simple/${accountId}/publication`;
    this.#log = environment.log;
  }

  /** Reads what was kept; once. What cannot be read is as if it was not there. */
  load(): Promise<void> {
    this.#loaded ??= this.#read();
    return this.#loaded;
  }

  /** Entity-tag of the publication that the server still has, as far as is known. */
  get etag(): string | undefined {
    return this.#stored && this.#environment.now() < this.#stored.until + grace ? this.#stored.etag : undefined;
  }

  /** Notes a publication that holds for so many seconds. A tag that is none cannot be sent back, and is not kept. */
  set(etag: string | undefined, seconds: number): void {
    const parsed = v.safeParse(StoredSchema, { etag, until: this.#environment.now() + seconds * 1000 });
    this.#stored = parsed.success ? parsed.output : undefined;
    this.#save();
  }

  clear(): void {
    if (!this.#stored) return;
    this.#stored = undefined;
    this.#save();
  }

  /** Resolves when what was noted is kept. */
  async flush(): Promise<void> {
    await this.#saving;
  }

  async #read(): Promise<void> {
    try {
      const text = await this.#environment.cache.get(this.#key);
      if (text === undefined || text === "") return;
      this.#stored = v.parse(StoredSchema, JSON.parse(text));
    } catch (error) {
      this.#log.warn("SIP publication could not be read", { error });
    }
  }

  #save(): void {
    const text = this.#stored ? JSON.stringify(this.#stored) : "";
    this.#saving = this.#saving
      .then(() => this.#environment.cache.set(this.#key, text))
      .catch((error: unknown) => this.#log.warn("SIP publication could not be kept", { error }));
  }
}
