import { afterEach, beforeEach } from "vitest";
import type { NetworkEnvironment } from "../../environment.ts";
import { openClient, type TestClient } from "./client.ts";
import { type Script, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

/** A scripted server and Alice at it, new for each test. */
export interface Scene {
  readonly server: ScriptedServer;
  readonly client: TestClient;
  /** Memory of every client of the scene. */
  readonly cache: Map<string, string>;
  /** Another client of Alice's, closed when the test ends. `xcapRoot`: of her XCAP server. */
  open(over?: Partial<NetworkEnvironment>, xcapRoot?: string): TestClient;
}

/** How a scene begins. */
export interface SceneOptions {
  /** Default: a friendly server. */
  readonly script?: Script;
  /** Whether Alice signs in before the test begins. Default true. */
  readonly signsIn?: boolean;
}

/** Sets a scene before each test of the file, and clears it away after. */
export function useScene(take: (scene: Scene) => void, { script, signsIn = true }: SceneOptions = {}): void {
  const clients: TestClient[] = [];
  let running: ScriptedServer | undefined;
  beforeEach(async () => {
    const server = await startScriptedServer(script);
    running = server;
    const cache = new Map<string, string>();
    const open: Scene["open"] = (over, xcapRoot) => {
      const settings = { host: "127.0.0.1", port: server.port, transport: "tcp" } as const;
      const client = openClient(xcapRoot === undefined ? settings : { ...settings, xcapRoot }, cache, over);
      clients.push(client);
      return client;
    };
    const client = open();
    if (signsIn) await client.signIn();
    take({ server, client, cache, open });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.connection.close();
    await running?.close();
  });
}
