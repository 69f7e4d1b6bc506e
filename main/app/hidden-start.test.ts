import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createRecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";

const showWindow = vi.fn(async () => undefined);
let testApps: TestApps;

beforeEach(async () => {
  showWindow.mockClear();
  const network = createRecordedNetwork("xmpp", []);
  testApps = await createTestApps({ networks: () => [network], host: { showWindow, startsHidden: true } });
});
afterEach(() => testApps.close());

it("shows no window when the session starts it, where there is nothing to ask the person", async () => {
  const first = await testApps.open();
  await vi.waitFor(() => expect(showWindow).toHaveBeenCalledTimes(1));
  await first.request("accounts.add", { address: "me@x.example", password: "p", protocol: "xmpp", server: {} });
  await first.app.stop();
  const second = await testApps.open();
  await second.untilAccount({ state: "online" });
  expect(showWindow).toHaveBeenCalledTimes(1);
  await second.app.stop();
  // The same with the window, to show that it would have been counted.
  await testApps.open({ host: { showWindow } });
  expect(showWindow).toHaveBeenCalledTimes(2);
});

it("shows its window for the passphrase", async () => {
  await testApps.open({ secretStore: "absent" }, "new");
  expect(showWindow).toHaveBeenCalledTimes(1);
});
