import type { ExportFormat } from "../../../shared/model/export.ts";
import { createWords } from "../../../shared/words/words.ts";
import type { RecordedMessage, RecordQuery } from "../../history/recorded-message.ts";
import type { Format, FormatSink } from "../formats/format.ts";
import { formats } from "../formats/formats.ts";
import { instantOf } from "../formats/moments.ts";
import type { FolderCounts } from "./folder-protocol.ts";
import type { ExportMaker, ManifestEnd, ManifestHead } from "./manifest.ts";

/**
 * Room for what is new in the heap of each thread of an export, in MB: nearly all of it is garbage soon, and more room
 * is only more garbage.
 */
export const maxYoungGenerationSizeMb = 24;

/** Order for an export: its content and its form. */
export interface ExportOrder {
  readonly query: RecordQuery;
  readonly format: ExportFormat;
  /** A folder that is not there yet. */
  readonly folder: string;
  /** BCP 47 tag: the language of what people read in it. */
  readonly locale: string;
  readonly maker: ExportMaker;
}

/** Where messages come from, in the order that the format asked for. */
export interface RecordSource {
  /** How many there will be, where that is known without reading them. */
  readonly total: number | undefined;
  /** The next ones, perhaps none; undefined: that was all. */
  next(): Promise<readonly RecordedMessage[] | undefined> | readonly RecordedMessage[] | undefined;
}

export interface ExportCounts extends FolderCounts {
  readonly messages: number;
}

/** Takes the files of an export. Whatever goes wrong with them shows at the next `settled` or `finish`. */
export interface ExportFiles extends FormatSink {
  /** Waits until the folder is there and not much of what was written is held in memory. */
  settled(): Promise<void>;
  /** Ends the last file and the manifest. */
  finish(end: Omit<ManifestEnd, "bytes">): Promise<FolderCounts>;
  /** Gives up; when it resolves, nothing is written any more. */
  abandon(): Promise<void>;
}

/** Between what an export stands. */
export interface ExportEnds {
  readonly source: (order: Format["order"]) => RecordSource;
  /** Makes the folder, which must not be there. */
  readonly files: (folder: string, head: ManifestHead) => ExportFiles;
}

/** Events of an export while it runs. */
export interface ExportEvents {
  readonly cancelled: () => boolean;
  readonly progress: (messages: number, total: number | undefined) => void;
  readonly now: () => number;
}

/**
 * Writes everything of an export into its folder but the signature. It holds a piece of the record at a time.
 * Undefined: it was cancelled. What it leaves then, or when it throws, is for the caller to delete.
 */
export async function runExport(
  order: ExportOrder,
  ends: ExportEnds,
  { cancelled, progress, now }: ExportEvents,
): Promise<ExportCounts | undefined> {
  const { query, locale, maker } = order;
  const format = formats[order.format];
  const files = ends.files(order.folder, {
    version: maker.version,
    format: order.format,
    madeBy: maker.madeBy,
    user: maker.user,
    ...(maker.authorizedBy === undefined ? {} : { authorizedBy: maker.authorizedBy }),
    device: maker.publicKey,
    query: { ...query },
    started: instantOf(now()),
  });
  try {
    const source = ends.source(format.order);
    const writer = format.start(files, {
      words: createWords(locale),
      utcOffset: (at) => -new Date(at).getTimezoneOffset(),
    });
    const counted = new ManifestCounts();
    for (;;) {
      await files.settled();
      if (cancelled()) {
        await files.abandon();
        return undefined;
      }
      progress(counted.messages, source.total);
      const messages = await source.next();
      if (!messages) break;
      for (const message of messages) {
        writer.add(message);
        counted.add(message);
      }
    }
    writer.end();
    const counts = await files.finish({ ...counted.summary(), finished: instantOf(now()) });
    progress(counted.messages, source.total);
    return { messages: counted.messages, ...counts };
  } catch (error) {
    await files.abandon();
    throw error;
  }
}

/** Facts for the manifest about the messages. */
class ManifestCounts {
  readonly #conversations = new Set<string>();
  #messages = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  get messages(): number {
    return this.#messages;
  }

  add({ sentAt, conversationId }: RecordedMessage): void {
    this.#messages++;
    this.#conversations.add(conversationId);
    if (sentAt < this.#first) this.#first = sentAt;
    if (sentAt > this.#last) this.#last = sentAt;
  }

  summary(): Pick<ManifestEnd, "messages" | "conversations" | "first" | "last"> {
    const messages = this.#messages;
    return {
      messages,
      conversations: this.#conversations.size,
      first: messages === 0 ? null : instantOf(this.#first),
      last: messages === 0 ? null : instantOf(this.#last),
    };
  }
}
