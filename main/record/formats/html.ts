import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { Format, FormatContext, FormatSink, FormatWriter } from "./format.ts";
import { HtmlDates } from "./html-dates.ts";
import { type IndexEntry, pathOf, writeIndex } from "./html-index.ts";
import { escapeHtml, pageEnd, pageStart } from "./html-page.ts";
import { instantOf } from "./moments.ts";
import { createNotes } from "./notes.ts";
import { authorLine, fileNameOf, partiesOf } from "./parties.ts";

/** Messages on a page; a longer conversation has more pages. */
const perPage = 1000;

/**
 * Pages for reading: `index.html` with all conversations, and for each conversation one page, or several when it is
 * long.
 */
export const html: Format = {
  order: "conversation",
  start: (sink, context) => new HtmlWriter(sink, context),
};

class HtmlWriter implements FormatWriter {
  readonly #sink: FormatSink;
  readonly #words: FormatContext["words"];
  readonly #dates: HtmlDates;
  readonly #notes: ReturnType<typeof createNotes>;
  /** Author that nobody knows. */
  readonly #nobody: string;
  readonly #entries: IndexEntry[] = [];
  #entry: IndexEntry | undefined;
  #onPage = 0;
  /** Day that the last message was said on. */
  #day = "";

  constructor(sink: FormatSink, context: FormatContext) {
    this.#sink = sink;
    this.#words = context.words;
    this.#dates = new HtmlDates(context);
    this.#notes = createNotes(context.words, context.utcOffset);
    this.#nobody = context.words.t("export.unknown");
  }

  add(message: RecordedMessage): void {
    const entry = this.#place(message);
    this.#writeMessage(message);
    this.#onPage++;
    entry.count++;
    entry.last = message.sentAt;
  }

  end(): void {
    this.#closePage(false);
    writeIndex(this.#sink, this.#entries, { words: this.#words, dates: this.#dates });
  }

  /** Opens the page and the day that the message belongs to. */
  #place(message: RecordedMessage): IndexEntry {
    const known = this.#entry;
    if (known?.id !== message.conversationId) {
      this.#closePage(false);
      const entry = this.#entryOf(message);
      this.#entry = entry;
      this.#entries.push(entry);
      this.#openPage(entry, message);
      return entry;
    }
    if (this.#onPage >= perPage) {
      this.#closePage(true);
      known.page++;
      this.#openPage(known, message);
    } else if (this.#dates.day(message.sentAt) !== this.#day) this.#openDay(message);
    return known;
  }

  #entryOf(message: RecordedMessage): IndexEntry {
    const { conversation, isRoom } = partiesOf(message);
    return {
      id: message.conversationId,
      title: this.#words.t(isRoom ? "export.titleRoom" : "export.title", { who: conversation }),
      name: fileNameOf(message),
      own: message.own ?? message.accountId,
      page: 1,
      count: 0,
      first: message.sentAt,
      last: message.sentAt,
    };
  }

  #openPage(entry: IndexEntry, message: RecordedMessage): void {
    const { title, name, page, own } = entry;
    const heading = page === 1 ? title : this.#words.t("export.page", { title, page: String(page) });
    this.#sink.file(pathOf(name, page));
    this.#sink.write(pageStart(heading, this.#words));
    const account = this.#text("export.account", { account: own });
    this.#sink.write(`<header>\n<h1><bdi>${escapeHtml(heading)}</bdi></h1>\n<p class="soft">${account}</p>\n`);
    this.#sink.write(`${this.#navigation("export.navigation", this.#previous(entry))}\n</header>\n<main>\n`);
    this.#onPage = 0;
    this.#openDay(message);
  }

  /** `more`: the conversation goes on on another page. */
  #closePage(more: boolean): void {
    const entry = this.#entry;
    if (!entry || this.#onPage === 0) return;
    const next = more ? link(pathOf(entry.name, entry.page + 1), this.#text("export.next"), "next") : "";
    this.#sink.write("</ol>\n</section>\n</main>\n");
    this.#sink.write(`${this.#navigation("export.pages", `${this.#previous(entry)}${next}`)}\n${pageEnd}`);
  }

  #openDay({ sentAt }: RecordedMessage): void {
    if (this.#onPage > 0) this.#sink.write("</ol>\n</section>\n");
    this.#day = this.#dates.day(sentAt);
    const id = `d${this.#day}-${this.#onPage}`;
    const heading = `<h2 id="${id}">${this.#dates.full(sentAt)}</h2>`;
    this.#sink.write(`<section aria-labelledby="${id}">\n${heading}\n<ol class="messages">\n`);
  }

  #writeMessage(message: RecordedMessage): void {
    const { seq, author, sentAt, body } = message;
    const from = escapeHtml(authorLine(message, this.#nobody));
    const time = `<time datetime="${instantOf(sentAt)}">${this.#dates.clock(sentAt)}</time>`;
    const lines = this.#notes.of(message).map((line) => `<li dir="auto">${escapeHtml(line)}</li>`);
    const parts = [
      `<li id="m${seq}" class="${author.isSelf ? "out" : "in"}"><p class="who"><b><bdi>${from}</bdi></b> ${time}</p>`,
      `<div class="text" dir="auto">${escapeHtml(body)}</div>`,
      lines.length > 0 ? `<ul class="notes">${lines.join("")}</ul>` : "",
      "</li>\n",
    ];
    this.#sink.write(parts.join(""));
  }

  #navigation(label: "export.navigation" | "export.pages", links: string): string {
    const all = `<a href="../index.html">${this.#text("export.all")}</a>`;
    return `<nav aria-label="${this.#text(label)}">${all}${links}</nav>`;
  }

  #previous({ name, page }: IndexEntry): string {
    return page > 1 ? link(pathOf(name, page - 1), this.#text("export.previous"), "prev") : "";
  }

  #text(...[key, params]: Parameters<FormatContext["words"]["t"]>): string {
    return escapeHtml(this.#words.t(key, params));
  }
}

/** From one page of a conversation to another. `text` is HTML. */
function link(path: string, text: string, relation: "prev" | "next"): string {
  return `<a rel="${relation}" href="${escapeHtml(path.slice("conversations/".length))}">${text}</a>`;
}
