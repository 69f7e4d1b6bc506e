import type { HistoryMode } from "../../../shared/settings/history.ts";
import type { Correction, PageQuery, Retraction } from "../history.ts";
import { Sequence } from "./history-file.ts";
import { HistoryService } from "./history-service.ts";
import { account, bob, forgotten, held, message, UnwritableFile } from "./unwritable-file.test-helper.ts";

/** A history over a file that may refuse what is written, made anew by `start`. */
export let file: UnwritableFile;
export let history: HistoryService;

export function start(mode: HistoryMode, keepWhenOff = 3): void {
  const sequence = new Sequence();
  const gone = forgotten();
  file = new UnwritableFile(sequence, gone);
  history = new HistoryService({ now: () => 1_000, mode, keepWhenOff, gone }, file, sequence);
}

export const append = (...ns: readonly number[]) =>
  history.append(
    ns.map((n) => message(n)),
    [],
  );
export const own = (n: number, fields = {}) => history.append([message(n, { direction: "out", ...fields })], [])[0];
export const ids = (query: Partial<PageQuery> = {}): string[] =>
  history.read.page({ conversationId: bob, limit: 10, ...query }).messages.map(({ id }) => id);
export const inFile = (): readonly string[] => held(file.store).map((line) => line.split(" ")[0] ?? "");

export const theirs = { conversationId: bob, author: { isSelf: false }, direction: "in" } as const;
const place = { accountId: account, kind: "direct", address: "bob@inside.test" } as const;
export const correction = (n: number, body: string): Correction => ({
  ...theirs,
  place,
  wireId: `w${n}`,
  body,
  at: 50,
});
export const retraction = (n: number): Retraction => ({ ...theirs, place, wireId: `w${n}`, at: 50 });

/** Lets the file take what is written again, and the history try it. */
export function recover(): void {
  file.refuse(false);
  file.isDue = true;
  history.setState({ conversationId: bob, wireId: "nothing", state: "sent" });
}
