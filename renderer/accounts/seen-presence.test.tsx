// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { sipAccount, xmppAccount } from "../dev/people.ts";
import { useApp } from "../state/app-context.ts";
import { SeenPresence } from "./seen-presence.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

function Everywhere() {
  return useApp()
    .replica.accounts.all()
    .map((account) => <SeenPresence key={account.id} account={account} />);
}
const seen = (): readonly (string | null)[] => [...drawn.root.querySelectorAll("p")].map((line) => line.textContent);

it("tells the person what others see, over each account as it is", async () => {
  drawn = draw(
    { accounts: [xmppAccount, sipAccount], app: { presence: { availability: "in-meeting", status: "board" } } },
    () => <Everywhere />,
  );
  await vi.waitFor(() =>
    expect(seen()).toEqual(["Others see: Busy · In a meeting · board", "Others see: In a meeting · board"]),
  );
  drawn.fake.publish([{ op: "patch", table: "accounts", id: sipAccount.id, fields: { state: "waiting" } }]);
  await vi.waitFor(() => expect(seen()[1]).toBe("Others see: Offline"));
  drawn.fake.publish([
    { op: "patch", table: "accounts", id: xmppAccount.id, fields: { presence: { availability: "be-right-back" } } },
  ]);
  await vi.waitFor(() => expect(seen()[0]).toBe("Others see: Away · Be right back"));
  drawn.fake.publish([{ op: "patch", table: "settings", id: "PresenceSharing", fields: { value: "nobody" } }]);
  await vi.waitFor(() =>
    expect(seen()).toEqual(["Nobody sees your presence (Settings, Privacy).", "Others see: Offline"]),
  );
});
