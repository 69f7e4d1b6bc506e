import { vi } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";
import type { TestApp } from "./test-app.test-helper.ts";
import { createTestApps } from "./test-apps.test-helper.ts";

/** A program whose clock the test sets, with an account of x.example that knows bob there and eve elsewhere. */
export interface AgedTestApp {
  readonly network: RecordedNetwork;
  readonly testApp: TestApp;
  readonly bob: string;
  readonly eve: string;
  /** The program's clock goes forward. */
  pass(days: number): void;
  /** They say it now; resolves when it is stored. */
  says(who: "bob@x.example" | "eve@out.example", body: string): Promise<void>;
  /** Texts that the window shows of a conversation. */
  texts(conversationId: string): Promise<string[]>;
  /** Resolves when it shows this. */
  untilTexts(conversationId: string, texts: readonly string[]): Promise<void>;
  /** The program ends and is started again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const day = 24 * 3600 * 1000;

export async function createAgedTestApp(): Promise<AgedTestApp> {
  const network = createRecordedNetwork("xmpp", ["bob@x.example", "eve@out.example"]);
  let later = 0;
  let said = 0;

  const testApps = await createTestApps({
    networks: () => [network],
    now: () => Date.now() + later,
  });
  let testApp = await testApps.open();
  const { accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  });
  const listed = async (): Promise<void> =>
    vi.waitFor(async () => {
      if ((await testApp.request("app.snapshot", {})).tables.contacts.length < 2)
        throw new Error("the contacts are not there");
    });
  await listed();

  const aged: AgedTestApp = {
    network,
    get testApp() {
      return testApp;
    },
    bob: `${accountId}|bob@x.example`,
    eve: `${accountId}|eve@out.example`,
    pass(days) {
      later += days * day;
    },
    async says(who, body) {
      said += 1;
      network.receive({ peer: who, body, id: `said-${said}` });
      await vi.waitFor(async () => {
        if (!(await aged.texts(`${accountId}|${who}`)).includes(body)) throw new Error("it is not stored");
      });
    },
    async texts(conversationId) {
      return (await testApp.request("conversations.open", { conversationId, limit: 100 })).messages.map(
        (message) => message.body,
      );
    },
    untilTexts: (conversationId, texts) =>
      vi.waitFor(async () => {
        const shown = await aged.texts(conversationId);
        if (JSON.stringify(shown) !== JSON.stringify(texts)) throw new Error(`it shows ${JSON.stringify(shown)}`);
      }),
    async restart() {
      await testApp.app.stop();
      testApp = await testApps.open();
      await listed();
    },
    close: testApps.close,
  };
  return aged;
}
