import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { Format, FormatContext, FormatSink } from "./format.ts";
import { escapeHtml, pageEnd, pageStart } from "./html-page.ts";
import { clockOf, dateOf, instantOf } from "./moments.ts";
import { createNotes } from "./notes.ts";
import { authorLine, fileNameOf, partiesOf } from "./parties.ts";

/** Messages on a page; a longer conversation has more pages. */
const perPage = 1000;

/** Entry of one conversation in the list. */
interface Entry {
  readonly id: ConversationId;
  readonly title: string;
  readonly name: string;
  readonly own: string;
  page: number;
  count: number;
  readonly first: number;
  last: number;
}

/**
 * Pages for reading: `index.html` with all conversations, and for each conversation one page, or several when it is
 * long.
 */
export const html: Format = {
  order: "conversation",
  start: (sink, context) => createPages(sink, context),
};

function createPages(sink: FormatSink, { words, utcOffset }: FormatContext) {
  const notes = createNotes(words, utcOffset);
  const dates = new Intl.DateTimeFormat(words.locale, { dateStyle: "full", timeZone: "UTC" });
  const dateOnly = new Intl.DateTimeFormat(words.locale, { dateStyle: "medium", timeZone: "UTC" });
  const nobody = words.t("export.unknown");
  const entries: Entry[] = [];
  let entry: Entry | undefined;
  let onPage = 0;
  let date = "";
  const local = (at: number): number => at + utcOffset(at) * 60_000;
  /** The same bounds as everywhere: a moment that is none is shown as 1970. */
  const shownDate = (format: Intl.DateTimeFormat, at: number): string =>
    escapeHtml(format.format(Date.parse(`${dateOf(local(at))}T00:00:00Z`)));

  const pathOf = (name: string, page: number): string => `conversations/${name}${page === 1 ? "" : `-${page}`}.html`;
  const link = (name: string, page: number, text: string, relation: "prev" | "next"): string =>
    `<a rel="${relation}" href="${escapeHtml(pathOf(name, page).slice("conversations/".length))}">${escapeHtml(text)}</a>`;
  const allLink = `<a href="../index.html">${escapeHtml(words.t("export.all"))}</a>`;

  function closePage(more: boolean): void {
    if (!entry || onPage === 0) return;
    sink.write("</ol>\n</section>\n</main>\n");
    const { name, page } = entry;
    const previous = page > 1 ? link(name, page - 1, words.t("export.previous"), "prev") : "";
    const next = more ? link(name, page + 1, words.t("export.next"), "next") : "";
    sink.write(
      `<nav aria-label="${escapeHtml(words.t("export.pages"))}">${allLink}${previous}${next}</nav>\n${pageEnd}`,
    );
  }

  function openPage(message: RecordedMessage): void {
    if (!entry) return;
    const { title, name, page, own } = entry;
    const heading = page === 1 ? title : words.t("export.page", { title, page: String(page) });
    sink.file(pathOf(name, page));
    sink.write(pageStart(heading, words));
    const previous = page > 1 ? link(name, page - 1, words.t("export.previous"), "prev") : "";
    sink.write(
      `<header>\n<h1><bdi>${escapeHtml(heading)}</bdi></h1>\n<p class="soft">${escapeHtml(words.t("export.account", { account: own }))}</p>\n`,
    );
    sink.write(
      `<nav aria-label="${escapeHtml(words.t("export.navigation"))}">${allLink}${previous}</nav>\n</header>\n<main>\n`,
    );
    onPage = 0;
    openDay(message);
  }

  function openDay(message: RecordedMessage): void {
    if (onPage > 0) sink.write("</ol>\n</section>\n");
    date = dateOf(local(message.sentAt));
    sink.write(
      `<section aria-labelledby="d${date}-${onPage}">\n<h2 id="d${date}-${onPage}">${shownDate(dates, message.sentAt)}</h2>\n<ol class="messages">\n`,
    );
  }

  return {
    add(message: RecordedMessage): void {
      if (entry?.id !== message.conversationId) {
        closePage(false);
        const { conversation, isRoom } = partiesOf(message);
        const title = words.t(isRoom ? "export.titleRoom" : "export.title", { who: conversation });
        const own = message.own ?? message.accountId;
        entry = {
          id: message.conversationId,
          title,
          name: fileNameOf(message),
          own,
          page: 1,
          count: 0,
          first: message.sentAt,
          last: message.sentAt,
        };
        entries.push(entry);
        openPage(message);
      } else if (onPage >= perPage) {
        closePage(true);
        entry.page++;
        openPage(message);
      } else if (dateOf(local(message.sentAt)) !== date) openDay(message);
      const from = escapeHtml(authorLine(message, nobody));
      const time = `<time datetime="${instantOf(message.sentAt)}">${clockOf(local(message.sentAt))}</time>`;
      let text = `<li id="m${message.seq}" class="${message.direction}"><p class="who"><b><bdi>${from}</bdi></b> ${time}</p><div class="text" dir="auto">${escapeHtml(message.body)}</div>`;
      const lines = notes.of(message);
      if (lines.length > 0)
        text += `<ul class="notes">${lines.map((line) => `<li dir="auto">${escapeHtml(line)}</li>`).join("")}</ul>`;
      sink.write(`${text}</li>\n`);
      onPage++;
      entry.count++;
      entry.last = message.sentAt;
    },
    end(): void {
      closePage(false);
      sink.file("index.html");
      sink.write(pageStart(words.t("export.index"), words));
      sink.write(`<header><h1>${escapeHtml(words.t("export.index"))}</h1></header>\n<main>\n`);
      const column = (key: "with" | "account" | "messages" | "first" | "last"): string =>
        `<th scope="col"${key === "messages" ? ' class="number"' : ""}>${escapeHtml(words.t(`export.column.${key}`))}</th>`;
      if (entries.length === 0) sink.write(`<p>${escapeHtml(words.t("export.nothing"))}</p>\n`);
      else {
        sink.write(
          `<table>\n<thead><tr>${column("with")}${column("account")}${column("messages")}${column("first")}${column("last")}</tr></thead>\n<tbody>\n`,
        );
        for (const { title, name, own, count, first, last } of entries)
          sink.write(
            `<tr><td><a href="${escapeHtml(pathOf(name, 1))}"><bdi>${escapeHtml(title)}</bdi></a></td><td><bdi>${escapeHtml(own)}</bdi></td><td class="number">${escapeHtml(words.number(count))}</td><td>${shownDate(dateOnly, first)}</td><td>${shownDate(dateOnly, last)}</td></tr>\n`,
          );
        sink.write("</tbody>\n</table>\n");
      }
      sink.write(`</main>\n${pageEnd}`);
    },
  };
}
