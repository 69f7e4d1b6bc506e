import type { Awaitable } from "../awaitable.ts";
import type { DiscoveryInfo } from "./discovery-info.ts";

/** Kinds of programs that are remembered; the oldest make room. */
const maxPrograms = 500;

/** Verified capabilities by their hash (XEP-0115 section 5.4). */
export interface CapsCache {
  get(key: string): Awaitable<DiscoveryInfo | undefined>;
  set(key: string, info: DiscoveryInfo): Awaitable<void>;
}

/** Capabilities for as long as the program runs. */
export class MemoryCapsCache implements CapsCache {
  readonly #known = new Map<string, DiscoveryInfo>();

  get(key: string): DiscoveryInfo | undefined {
    return this.#known.get(key);
  }

  set(key: string, info: DiscoveryInfo): void {
    this.#known.set(key, info);
    for (const oldest of this.#known.keys()) if (this.#known.size > maxPrograms) this.#known.delete(oldest);
  }
}
