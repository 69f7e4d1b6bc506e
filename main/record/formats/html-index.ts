import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { Words } from "../../../shared/words/words.ts";
import type { FormatSink } from "./format.ts";
import type { HtmlDates } from "./html-dates.ts";
import { escapeHtml, pageEnd, pageStart } from "./html-page.ts";

/** Entry of one conversation in the list. */
export interface IndexEntry {
  readonly id: ConversationId;
  readonly title: string;
  /** Name of its pages' files. */
  readonly name: string;
  readonly own: string;
  page: number;
  count: number;
  readonly first: number;
  last: number;
}

/** Path of a page of a conversation, from 1. */
export function pathOf(name: string, page: number): string {
  return `conversations/${name}${page === 1 ? "" : `-${page}`}.html`;
}

/** `index.html`: the list of all conversations. */
export function writeIndex(
  sink: FormatSink,
  entries: readonly IndexEntry[],
  { words, dates }: { readonly words: Words; readonly dates: HtmlDates },
): void {
  const title = escapeHtml(words.t("export.index"));
  sink.file("index.html");
  sink.write(pageStart(words.t("export.index"), words));
  sink.write(`<header><h1>${title}</h1></header>\n<main>\n`);
  if (entries.length === 0) sink.write(`<p>${escapeHtml(words.t("export.nothing"))}</p>\n`);
  else {
    const columns = (["with", "account", "messages", "first", "last"] as const).map((key) => heading(key, words));
    sink.write(`<table>\n<thead><tr>${columns.join("")}</tr></thead>\n<tbody>\n`);
    for (const { title, name, own, count, first, last } of entries) {
      const cells = [
        `<td><a href="${escapeHtml(pathOf(name, 1))}"><bdi>${escapeHtml(title)}</bdi></a></td>`,
        `<td><bdi>${escapeHtml(own)}</bdi></td>`,
        `<td class="number">${escapeHtml(words.number(count))}</td>`,
        `<td>${dates.medium(first)}</td><td>${dates.medium(last)}</td>`,
      ];
      sink.write(`<tr>${cells.join("")}</tr>\n`);
    }
    sink.write("</tbody>\n</table>\n");
  }
  sink.write(`</main>\n${pageEnd}`);
}

function heading(key: "with" | "account" | "messages" | "first" | "last", words: Words): string {
  const kind = key === "messages" ? ' class="number"' : "";
  return `<th scope="col"${kind}>${escapeHtml(words.t(`export.column.${key}`))}</th>`;
}
