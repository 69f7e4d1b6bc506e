// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccountRecord } from "../../shared/model/account.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { sipAccount, xmppAccount } from "../dev/people.ts";
import { ConnectionBanner } from "../frame/connection-banner.tsx";
import { useApp } from "../state/app-context.ts";
import { NextTry } from "./next-try.tsx";

let drawn: Drawn;
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  drawn.dispose();
  vi.useRealTimers();
});

const waiting = (account: AccountRecord, seconds: number): AccountRecord => ({
  ...account,
  state: "waiting",
  error: { code: "connection-lost" },
  retryAt: Date.now() + seconds * 1_000,
});
const timers = (): readonly (string | null)[] =>
  [...drawn.root.querySelectorAll('[role="timer"]')].map((timer) => timer.textContent);
const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1_000);

function Banner() {
  const { replica } = useApp();
  const all = replica.accounts.all();
  drawings++;
  return <ConnectionBanner accounts={all} all={all} />;
}
let drawings = 0;

describe("an account that waits", () => {
  it("counts down every second to its next try, and nothing else is drawn again for it", async () => {
    drawn = draw({ accounts: [waiting(xmppAccount, 40)] }, () => <Banner />);
    await pass(0.1);
    expect(timers()).toEqual(["Next try in 40\u00a0s"]);
    const before = drawings;
    await pass(1);
    expect(timers()).toEqual(["Next try in 39\u00a0s"]);
    await pass(30);
    expect(timers()).toEqual(["Next try in 9\u00a0s"]);
    expect(drawings).toBe(before);
    await pass(10);
    expect(timers()).toEqual(["Trying again now"]);
  });

  it("says minutes while it is far off", async () => {
    drawn = draw({}, () => <NextTry account={waiting(xmppAccount, 185)} />);
    expect(timers()).toEqual(["Next try in 3 mins"]);
  });

  it("is not announced with every second: the sentence is, once, and the time stands outside of it", async () => {
    drawn = draw({ accounts: [waiting(xmppAccount, 40)] }, () => <Banner />);
    await pass(0.1);
    const live = drawn.root.querySelector('[role="status"]');
    expect(live?.textContent).toContain("Your messages will be sent when it reconnects");
    expect(live?.querySelector('[role="timer"]')).toBeNull();
    expect(drawn.root.querySelector('[role="status"] *')).toBeNull();
    const said = live?.textContent;
    await pass(5);
    expect(drawn.root.querySelector('[role="status"]')?.textContent).toBe(said);
  });

  it("has a try of its own beside every other account's, on both networks", async () => {
    drawn = draw({ accounts: [waiting(xmppAccount, 40), waiting(sipAccount, 12)] }, () => <Banner />);
    await pass(0.1);
    expect(timers()).toEqual(["Next try in 40\u00a0s", "Next try in 12\u00a0s"]);
    for (const [n, account] of [xmppAccount, sipAccount].entries()) {
      const button = drawn.root.querySelectorAll<HTMLButtonElement>(".next-try button")[n];
      expect(button?.ariaLabel).toBe(`Try now: ${account.address}`);
      button?.click();
      expect(drawn.fake.calls.at(-1)).toMatchObject({ method: "accounts.retry", args: { accountId: account.id } });
    }
  });

  it("says nothing where another account is connected", async () => {
    drawn = draw({ accounts: [waiting(xmppAccount, 40), sipAccount] }, () => <Banner />);
    await pass(0.1);
    expect(drawn.root.textContent).toBe("");
  });
});
