import type { MessageStore } from "./message-store.ts";

/** One of the stores of the history. Undefined: it is not there. Throws what its failing means. */
export type Layer = <T>(work: (store: MessageStore) => T) => T | undefined;
