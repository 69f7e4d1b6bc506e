import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness, TestAccount } from "../../main/networks/conformance/harness.ts";
import { behindNat } from "../servers/doors.ts";
import { type Proxy, startProxy } from "../servers/proxy.ts";

/** A client and its only way to the server, over clear TCP, on which everything is overheard. */
export interface TappedClient {
  readonly client: TestClient;
  readonly door: Proxy;
  /** Pieces that went each way so far. */
  readonly toServer: readonly string[];
  readonly toClient: readonly string[];
  close(): Promise<void>;
}

/** Opens one; it is not signed in yet. */
export async function openTapped(harness: Harness, account: TestAccount): Promise<TappedClient> {
  const { cleartext } = harness;
  if (cleartext?.port === undefined) throw new Error("this server takes no clear text");
  const heard: Record<"server" | "client", string[]> = { server: [], client: [] };
  const door = await startProxy(cleartext.port, behindNat, (bytes, to) => {
    heard[to].push(bytes.toString("latin1"));
  });
  const settings = { ...cleartext, port: door.port };
  const client = openClient(harness, account, settings, undefined, { allowCleartext: () => true });
  return {
    client,
    door,
    toServer: heard.server,
    toClient: heard.client,
    async close() {
      client.connection.close();
      await door.close();
    },
  };
}
