import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createRecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";

const bob = "bob@x.example";
let testApps: TestApps;

beforeEach(async () => {
  testApps = await createTestApps();
});
afterEach(() => testApps.close());

it("comes although a server does not let go and the window hangs; what was stored stays stored", async () => {
  const network = createRecordedNetwork("xmpp", [bob]);
  const hangs = (): Promise<void> => new Promise(() => undefined);
  const quit = vi.fn(hangs);
  const warnings: unknown[] = [];
  const testApp = await testApps.open({
    networks: () => [
      { ...network, open: (account, parts) => Object.assign(network.open(account, parts), { disconnect: hangs }) },
    ],
    host: { quit },
    stepWithin: 700,
    onWarning: (what, about) => warnings.push([what, about["step"]]),
  });
  const account = { address: "me@x.example", password: "p", protocol: "xmpp", server: {} } as const;
  const { accountId } = await testApp.request("accounts.add", account);
  await testApp.untilAccount({ state: "online" });
  network.receive({ peer: bob, body: "still here tomorrow", id: "1" });
  await vi.waitFor(() => expect(network.receipts.length).toBeGreaterThan(0));
  await testApp.app.stop();
  expect(await testApp.app.stopped).toBe("cut");
  expect(quit).toHaveBeenCalledOnce();
  const late = "The program ends without waiting for a step any longer";
  expect(warnings).toContainEqual([late, "signing out and writing what is left"]);
  expect(warnings).toContainEqual([late, "closing the window"]);

  const again = await testApps.open({ networks: () => [createRecordedNetwork("xmpp", [bob])] });
  const { messages } = await again.request("conversations.open", { conversationId: `${accountId}|${bob}`, limit: 9 });
  expect(messages).toMatchObject([{ body: "still here tomorrow" }]);
  await again.app.stop();
  expect(await again.app.stopped).toBe("whole");
});
