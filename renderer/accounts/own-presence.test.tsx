// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import type { AccountRecord } from "../../shared/model/account.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { sipAccount, xmppAccount } from "../dev/people.ts";
import { OwnPresenceButton } from "./own-presence.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const waiting: AccountRecord = { ...xmppAccount, state: "waiting" };

it.each([
  ["one that is connected", [xmppAccount], "Available · in the office", "Your account is connected"],
  ["one that is not", [waiting], "Offline", "Your account is not connected"],
  ["one that is connecting", [{ ...xmppAccount, state: "connecting" }], "Connecting…", "Your account is not connected"],
  ["one of two", [waiting, sipAccount], "Available · in the office", "1 of 2 accounts connected"],
  ["none of two", [waiting, { ...sipAccount, state: "failed" }], "Offline", "0 of 2 accounts connected"],
] as const satisfies readonly (readonly [string, readonly AccountRecord[], string, string])[])(
  "says no more of the own presence than others can see, with %s",
  async (_, accounts, name, connected) => {
    drawn = draw({ accounts, app: { presence: { availability: "available", status: "in the office" } } }, () => (
      <OwnPresenceButton />
    ));
    await vi.waitFor(() => expect(drawn.root.querySelector(".sub")?.textContent).toBe(connected));
    expect(drawn.root.querySelector(".name")?.textContent).toBe(name);
  },
);
