import { afterEach } from "vitest";
import { newInstallation, openClient, type TestClient } from "./client.ts";
import type { Harness, TestAccount } from "./harness.ts";

/** Clients of the tests of one `describe`, closed after each test. */
export interface OpenedClients {
  /** Not signed in yet; `installation`: the same again for the next start of a device. */
  readonly opened: (account: TestAccount, installation?: ReturnType<typeof newInstallation>) => TestClient;
  /** Of a new account. */
  readonly signedIn: () => Promise<TestClient>;
}

export function openedClients(get: () => Harness): OpenedClients {
  const clients: TestClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });
  const opened: OpenedClients["opened"] = (account, installation = newInstallation()) => {
    const client = openClient(get(), account, get().settings("good"), installation);
    clients.push(client);
    return client;
  };
  return {
    opened,
    async signedIn() {
      const client = opened(await get().newAccount());
      await client.signIn();
      return client;
    },
  };
}
