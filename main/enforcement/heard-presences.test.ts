import { beforeEach, expect, it } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import { Governor } from "./governor.ts";
import { HeardPresences } from "./heard-presences.ts";

const [bob, eve] = ["bob@x.example", "eve@y.example"];
const [available, away] = [{ availability: "available" }, { availability: "away" }] as const;

let barred: Set<string>;
let shown: string[];
let heard: HeardPresences;
beforeEach(() => {
  barred = new Set([eve]);
  shown = [];
  const refusal: ErrorInfo = { code: "blocked-by-policy" };
  const governor = new Governor(
    {
      talk: (address) => (barred.has(address) ? refusal : undefined),
      blocklist: { covers: () => false },
      learnGateway: () => undefined,
      silenced: () => undefined,
      shown: (presence) => presence,
    },
    { id: "a", address: "me@x.example" },
  );
  heard = new HeardPresences(governor, (event) => {
    if (event.type === "presence") shown.push(`${event.address} ${event.presence.availability}`);
  });
});

/** Events that were shown since the last time. */
const news = (): string[] => shown.splice(0);

it("whoever may be met is seen, and nobody else; another rule shows and takes back what was heard last", () => {
  heard.hear(bob, available);
  heard.hear(eve, available);
  heard.hear(eve, away);
  expect(news()).toEqual([`${bob} available`]);
  heard.applyRules();
  expect(news()).toEqual([]);
  barred = new Set([bob]);
  heard.applyRules();
  heard.applyRules();
  expect(news()).toEqual([`${bob} unknown`, `${eve} away`]);
  heard.hear(bob, away);
  barred.clear();
  heard.applyRules();
  expect(news()).toEqual([`${bob} away`]);
});

it("what was heard in a session before is forgotten with it, and comes back where it continues", () => {
  for (const continues of [false, true]) {
    heard.hear(bob, available);
    heard.hear(eve, available);
    const made = heard.connecting();
    // What the new one brings comes while it is made, and is newer.
    heard.hear(eve, away);
    barred.clear();
    heard.applyRules();
    expect(news().slice(1)).toEqual([`${eve} away`]);
    made(continues);
    barred.add(bob);
    heard.applyRules();
    expect(news()).toEqual(continues ? [`${bob} unknown`] : []);
    barred = new Set([eve]);
    heard.connecting()(false);
    shown.length = 0;
  }
});
