import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ContentGuard, createContentGuard } from "../../main/guard/pipeline.ts";
import type { ContentRule } from "../../shared/settings/content.ts";
import type { SettingKey } from "../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { benchMessage, openBenchHistory } from "../core/history.ts";
import { seeded } from "../random.ts";
import { createTalk } from "../talk.ts";
import { asWorker } from "../worker.ts";

export interface ContentInput {
  readonly rules: number;
  readonly messages: number;
  /** Messages that are stored too, with and without rules. */
  readonly stored: number;
  readonly seed: number;
}

/** Microseconds for one message. */
export interface ContentResult {
  /** The rules alone: for talk, for long messages, for messages full of numbers. */
  readonly alone: readonly [number, number, number];
  /** The pipeline without any rule. */
  readonly none: number;
  /** Looked through and stored: with all rules and with none. */
  readonly with: number;
  readonly without: number;
}

const me = "me@bank.example";
const peer = "bob@other.example";
const batch = 500;

/** Rules as a large organization has them; they audit, so that every one of them looks at every message. */
function makeRules(count: number, seed: number): ContentRule[] {
  const random = seeded(seed);
  const usual = { ignoreCase: true, action: "audit", direction: "both", audience: "all" } as const;
  // Names of projects: made of the same letters as talk, but hardly ever said.
  const { vocabulary } = createTalk(6);
  const rare = (): string =>
    `${vocabulary[Math.floor(random() * vocabulary.length)]} ${vocabulary[Math.floor(random() * vocabulary.length)]}`;
  const forms = [
    (n: number) => `\\b(?:INC|CHG|TKT)${n}-[0-9]{6}\\b`,
    (n: number) => `\\b[A-Z]{2}${n}[0-9]{4,8}\\b`,
    (n: number) => `\\b[a-z0-9._%+-]+@(?:mail|post)${n}\\.example\\b`,
    (n: number) => `(?:confidential|secret|restricted)\\W+(?:level|class)\\W+${n}`,
    (n: number) => `\\b(?:\\d{1,3}\\.){3}${n}\\b`,
  ];
  const detectors = ["payment-card", "iban", "ca-sin", "us-ssn", "payment-card"] as const;
  return Array.from({ length: count }, (_, index): ContentRule => {
    const name = `Rule ${index}`;
    const detector = detectors[index];
    if (detector !== undefined) return { ...usual, name, detector };
    if (index < 20) return { ...usual, name, keywords: Array.from({ length: 200 }, rare) };
    const form = forms[index % forms.length];
    return { ...usual, name, pattern: form ? form(index) : "x" };
  });
}

function guardWith(rules: readonly ContentRule[]): ContentGuard {
  const values: Partial<Record<SettingKey, unknown>> = {
    ContentRules: rules,
    ContentFailureMode: "block",
    LinkMode: "open",
    AllowedDomains: [],
  };
  // Read one by one in earlier checkouts.
  const policy = { rules: () => rules, failureMode: () => "block", linkMode: () => "open", allowedDomains: () => [] };
  return createContentGuard({
    ...{ policy },
    get: ((key: SettingKey) => values[key]) as ReadSetting,
    notice: ({ finding }) => finding,
    onHit: () => undefined,
    onBroken(broken) {
      if (broken[0]) throw new Error(`${broken[0].path} cannot be applied`, { cause: broken[0].error });
    },
  });
}

function perMessage(guard: ContentGuard, bodies: readonly string[]): number {
  const look = (): void => {
    for (const body of bodies) guard.received({ own: me, peer, direction: "in", body });
  };
  // Once to be warm: a client runs all day.
  look();
  const before = process.cpuUsage();
  look();
  return processorTime(before) / bodies.length;
}

/** Processor time of all threads since then, in microseconds: others may use the machine. */
function processorTime(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

asWorker(async ({ rules, messages, stored, seed }: ContentInput): Promise<ContentResult> => {
  const talk = createTalk(seed);
  const random = seeded(seed);
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 10)).join("");
  const bodies = Array.from({ length: messages }, () => talk.next());
  const long = Array.from({ length: messages / 20 }, () => Array.from({ length: 22 }, () => talk.next()).join(" "));
  const numbers = Array.from(
    { length: messages / 20 },
    () => `${digits(3)}-${digits(2)}-${digits(4)} 4${digits(15)} ${digits(9)} DE${digits(20)} 4111 1111 1111 1111`,
  );
  const all = guardWith(makeRules(rules, seed));
  const none = guardWith([]);
  const alone = [perMessage(all, bodies), perMessage(all, long), perMessage(all, numbers)] as const;

  /** The way of a message from the network into the history. */
  async function store(guard: ContentGuard): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), "hallway-bench-"));
    const { history, close } = await openBenchHistory({ folder, key: new Uint8Array(32).fill(7) });
    let begun = process.cpuUsage();
    // The first batch is for warming up.
    for (let from = 0; from < stored + batch; from += batch) {
      if (from === batch) begun = process.cpuUsage();
      await history.append(
        bodies.slice(from, from + batch).map((body, index) =>
          benchMessage({
            id: `message ${from + index}`,
            peer,
            wireId: `wire ${from + index}`,
            body: guard.received({ own: me, peer, direction: "in", body }),
            at: from + index,
          }),
        ),
      );
    }
    const took = processorTime(begun);
    await close();
    await rm(folder, { recursive: true, force: true });
    return took / stored;
  }

  return { alone, none: perMessage(none, bodies), with: await store(all), without: await store(none) };
});
