import type { Words } from "../../../shared/words/words.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { MailDraft } from "./mail.ts";

/** Takes the files of an export, one after the other. */
export interface FormatSink {
  /** Begins a file and ends the one before. A path of safe names with `/` between, never the same twice. */
  file(path: string): void;
  /** Well-formed text (no lone surrogates), written as UTF-8 into the file that was begun last. */
  write(text: string): void;
  /**
   * A file that holds nothing but this mail. It may be written out (`renderMail`) elsewhere and later. `path`: as in
   * `file`.
   */
  mail(path: string, draft: MailDraft): void;
}

/** Writes one export. It holds no more than a bounded part of it in memory. */
export interface FormatWriter {
  add(message: RecordedMessage): void;
  /** After the last message. */
  end(): void;
}

/** Context that formats for people need. */
export interface FormatContext {
  readonly words: Words;
  /** Minutes that local time is ahead of UTC at a moment. */
  readonly utcOffset: (at: number) => number;
}

/** One format: starts writing to a sink. */
export interface Format {
  /**
   * In which order it wants messages: `stored`: any, so that the database is read as it lies; `conversation`: one
   * conversation after the other, each in the order in which it was said.
   */
  readonly order: "stored" | "conversation";
  start(sink: FormatSink, context: FormatContext): FormatWriter;
}
