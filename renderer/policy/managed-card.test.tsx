// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { scenarios } from "../dev/scenarios.ts";
import { ManagedCard } from "./managed-card.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const card = (): string | undefined => drawn.root.querySelector(".card")?.textContent ?? undefined;

it.each(["managed", "governed", "recorded"] as const)(
  "says who manages, how much and whom to ask in at most three sentences (%s)",
  async (scenario) => {
    drawn = draw(scenarios[scenario](), () => <ManagedCard />);
    await vi.waitFor(() => expect(card()).toContain("Managed by Example Bank"));
    expect(card()).toMatch(
      /Managed by Example BankYour organization has set (one|\d+) of your settings\. Questions: helpdesk@bank\.exampleSee every rule/,
    );
    expect(drawn.root.querySelectorAll(".card > *")).toHaveLength(3);
  },
);

it("is not there where nothing is managed", async () => {
  drawn = draw(scenarios.company(), () => <ManagedCard />);
  await vi.waitFor(() => expect(drawn.app.replica.ready.value).toBe(true));
  expect(card()).toBeUndefined();
});
