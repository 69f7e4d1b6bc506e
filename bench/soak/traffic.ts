import type { OwnPresence } from "../../shared/model/presence.ts";
import type { Colleague } from "./colleague.ts";
import type { Person } from "./person.ts";
import type { Dice } from "./random.ts";

/** Things that nobody waits for; more than this at once are left out, so that a slow machine is not buried. */
const mostOpen = 16;
const words = ["kestrel", "lens", "ticket", "lunch", "truck", "connector", "invoice", "plan"];
const presences: readonly OwnPresence[] = [
  { availability: "available" },
  { availability: "away", status: "Back at two" },
  { availability: "busy", status: "In a meeting" },
];

export interface Traffic {
  /** Number of things done so far, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Nothing new is said until `resume`; resolves when what was under way is done. */
  pause(): Promise<void>;
  resume(): void;
  end(): Promise<void>;
}

/** A number that no other message of the run has, so that every body is unique. */
export type Numbering = () => number;

/**
 * Traffic of people all day: they write, correct, retract, delete, type, come and go. `rate`: things done in a minute.
 */
export function startTraffic(parts: {
  readonly person: Person;
  readonly colleagues: readonly Colleague[];
  readonly dice: Dice;
  readonly rate: number;
  readonly number: Numbering;
}): Traffic {
  const { person, colleagues, dice, rate, number } = parts;
  const counts: Record<string, number> = {};
  const open = new Set<Promise<void>>();
  let hand: Promise<void> = Promise.resolve();
  let paused = false;
  let timer: NodeJS.Timeout | undefined;

  const track = (kind: string, work: Promise<void>): void => {
    counts[kind] = (counts[kind] ?? 0) + 1;
    const done = work
      .catch(() => void (counts[`${kind}, in vain`] = (counts[`${kind}, in vain`] ?? 0) + 1))
      .finally(() => open.delete(done));
    open.add(done);
  };
  /** The person has two hands and does one thing at a time. */
  const byPerson = (kind: string, work: () => Promise<void>): void => {
    const done = hand.then(work);
    hand = done.catch(() => undefined);
    track(kind, done);
  };
  const text = (who: string): string => `${who} ${number()} ${dice.pick(words)}`;

  function act(): void {
    const colleague = dice.pick(colleagues);
    const changes = colleague.protocol === "xmpp";
    const roll = dice.roll();
    if (roll < 0.4) track("in", colleague.say(text("theirs")));
    else if (roll < 0.6) byPerson("out", () => person.say(colleague, text("own")));
    else if (roll < 0.68) byPerson("out, typed", () => person.type(colleague, text("typed")));
    else if (roll < 0.72) byPerson("deleted here", () => person.delete(colleague, dice.roll()));
    else if (roll < 0.75 && changes) track("corrected, in", colleague.correct());
    else if (roll < 0.78 && changes) byPerson("corrected, out", () => person.correct(colleague));
    else if (roll < 0.8 && changes) track("taken back, in", colleague.retract());
    else if (roll < 0.82 && changes) byPerson("taken back, out", () => person.retract(colleague));
    else if (roll < 0.87) track("typing", colleague.type(dice.roll() < 0.5));
    else if (roll < 0.9) byPerson("read", () => person.read(colleague));
    else track("presence", colleague.show(dice.pick(presences)));
  }

  const next = (): void => {
    if (!paused && open.size < mostOpen) act();
    timer = setTimeout(next, (60_000 / rate) * dice.between(0.5, 1.5));
  };
  next();
  const settle = async (): Promise<void> => {
    while (open.size > 0) await Promise.all(open);
    await Promise.all(colleagues.map((colleague) => colleague.settle()));
  };
  return {
    counts,
    async pause() {
      paused = true;
      await settle();
    },
    resume() {
      paused = false;
    },
    async end() {
      clearTimeout(timer);
      await settle();
    },
  };
}
