import type { SearchQuery } from "../../main/history/history.ts";
import { directConversation } from "../../shared/model/conversation-id.ts";
import { benchAccount, openBenchHistory } from "../core/history.ts";
import { seeded } from "../random.ts";
import { type SearchKind, searchKinds } from "../search-kinds.ts";
import { createTalk } from "../talk.ts";
import { asWorker } from "../worker.ts";

export interface SearchInput {
  readonly folder: string;
  readonly key: Uint8Array;
  /** Queries of each kind. */
  readonly each: number;
  readonly seed: number;
}

/** Milliseconds of each query, from the call in the main thread to the hits there; and the first one after opening. */
export interface SearchResult {
  readonly times: ReadonlyMap<SearchKind, readonly number[]>;
  readonly first: number;
  readonly hits: number;
}

/** Number of hits that the window asks for at once. */
const limit = 50;

asWorker(async ({ folder, key, each, seed }: SearchInput): Promise<SearchResult> => {
  const { history, close } = await openBenchHistory({ folder, key });
  const { vocabulary } = createTalk(6);
  const random = seeded(seed);
  const word = (from: number, to: number): string => vocabulary[from + Math.floor(random() * (to - from))] ?? "";
  const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "");
  const person = (): string => `person.${Math.floor(200 * random() ** 3)}@example.test`;
  /** The messages are of the three years from 2023 on. */
  const day = (days: number): number => Date.UTC(2023, 0, 1 + Math.floor(random() * days));
  const aDay = (days: number): { from: number; to: number } => {
    const from = day(days);
    return { from, to: from + 24 * 3600 * 1000 };
  };
  const makers: Readonly<Record<SearchKind, () => Omit<SearchQuery, "limit">>> = {
    "frequent word": () => ({ text: word(0, 50) }),
    "rare word": () => ({ text: word(5_000, 20_000) }),
    prefix: () => ({ text: word(0, 5_000).slice(0, 1 + Math.floor(random() * 4)) }),
    "two words": () => ({ text: `${word(0, 300)} ${word(0, 3_000)}` }),
    "in one conversation": () => ({
      text: word(0, 1_000),
      filter: { conversationIds: [directConversation(benchAccount, person())] },
    }),
    "accents left out": () => ({ text: plain(word(0, 2_000)) }),
    "no hit": () => ({ text: `${word(0, 100)} zzqx${Math.floor(random() * 1e6)}` }),
    "from a person, without words": () => ({ text: "", filter: { authors: [{ address: person() }] } }),
    "from a person, with a word": () => ({
      text: word(0, 1_000),
      filter: { authors: [{ address: person() }] },
    }),
    "by oneself, with a word": () => ({ text: word(0, 5_000), filter: { authors: [{ isSelf: true }] } }),
    "on a day, without words": () => ({ text: "", filter: aDay(1_090) }),
    "on a day long ago, with a word": () => ({ text: word(0, 1_000), filter: aDay(365) }),
    "from a person, before a month": () => ({
      text: "",
      filter: { authors: [{ address: person() }], to: day(1_090) },
    }),
  };
  let hits = 0;
  const time = async (query: Omit<SearchQuery, "limit">): Promise<number> => {
    const startedAt = performance.now();
    hits += (await history.search({ ...query, limit })).hits.length;
    return performance.now() - startedAt;
  };
  const first = await time({ text: word(0, 1_000) });
  const times = new Map<SearchKind, number[]>(searchKinds.map((kind) => [kind, []]));
  // Kinds take turns, as a person's queries would.
  for (let i = 0; i < each; i++) for (const kind of searchKinds) times.get(kind)?.push(await time(makers[kind]()));
  await close();
  return { times, first, hits };
});
