import type { ErrorInfo } from "../../../shared/errors.ts";
import type { FeedItem } from "./compliance-feed.ts";
import type { ItemState, QueuedItem } from "./feed-store.ts";

/** The queue of the organization's archive in the thread with the databases; it is there in every HistoryMode. */
export interface ArchiveMethods {
  "archive.open": {
    readonly args: readonly [
      options: { readonly folder: string; readonly key: Uint8Array; readonly maxPages: number | undefined },
    ];
    readonly result: undefined;
  };
  "archive.add": { readonly args: readonly [items: readonly FeedItem[]]; readonly result: undefined };
  "archive.head": { readonly args: readonly [count: number, length: number]; readonly result: readonly QueuedItem[] };
  "archive.taken": { readonly args: readonly [places: readonly number[]]; readonly result: undefined };
  "archive.refuse": { readonly args: readonly [place: number, error: ErrorInfo]; readonly result: undefined };
  "archive.again": { readonly args: readonly []; readonly result: undefined };
  "archive.state": { readonly args: readonly [id: string]; readonly result: ItemState | undefined };
  "archive.mark": { readonly args: readonly [name: string]; readonly result: string | undefined };
  "archive.setMark": { readonly args: readonly [name: string, value: string]; readonly result: undefined };
  /** False: all that can be read of queues that were set aside is taken over. */
  "archive.salvageSome": { readonly args: readonly []; readonly result: boolean };
  "archive.close": { readonly args: readonly []; readonly result: undefined };
}
