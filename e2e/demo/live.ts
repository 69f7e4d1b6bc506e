import type { NetworkEvent } from "../../main/networks/events.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { Peer } from "../peers/peers.ts";
import type { Person } from "./company.ts";

/** How fast they read and write, and how often their presence changes, in ms. */
const reading = { least: 500, most: 1_400 };
const writing = { least: 900, perCharacter: 28 };
const dayPart = { least: 25_000, most: 70_000 };

/**
 * Lets a person live: they read and answer what is written to them, type visibly, and go about their day. Returns a
 * disposer.
 */
export function live(person: Person, peer: Peer): () => void {
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, what: () => Promise<unknown>): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      // whoever is cut off says nothing; the demo goes on
      void what().catch(() => undefined);
    }, ms);
    timers.add(timer);
  };
  let answered = 0;

  const answer = (to: string): void => {
    const text = person.answers?.[answered++ % (person.answers.length || 1)];
    if (text === undefined) return;
    void peer.typing(to, true).catch(() => undefined);
    later(writing.least + text.length * writing.perCharacter, async () => {
      await peer.typing(to, false);
      await peer.say(to, text);
    });
  };

  let greeting = person.greeting;
  const listen = (event: NetworkEvent): void => {
    if (event.type === "subscription-request" && greeting !== undefined) {
      const text = greeting;
      greeting = undefined;
      later(between(reading), () => peer.say(event.address, text));
    }
    if (event.type !== "message" || event.message.direction !== "in") return;
    const { peer: from, id, wantsRead } = event.message;
    later(between(reading), async () => {
      if (wantsRead && id !== undefined) await peer.read(from, id);
      later(between(reading), async () => answer(from));
    });
  };

  let part = 0;
  const goAbout = (): void => {
    later(between(dayPart), async () => {
      const day = person.day ?? [];
      const next = day[++part % (day.length || 1)];
      if (next && day.length > 1) await peer.setPresence(presenceNow(next));
      goAbout();
    });
  };
  goAbout();
  const stop = peer.onEvent(listen);
  return () => {
    stop();
    for (const timer of timers) clearTimeout(timer);
  };
}

/** A presence of company.ts with its idle time counted from now. */
export function presenceNow(presence: OwnPresence): OwnPresence {
  return presence.idleSince === undefined ? presence : { ...presence, idleSince: Date.now() - presence.idleSince };
}

function between({ least, most }: { least: number; most: number }): number {
  return least + Math.random() * (most - least);
}
