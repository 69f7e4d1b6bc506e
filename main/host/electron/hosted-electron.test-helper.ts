import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Call } from "../../../shared/ipc/transport.ts";
import type { Log } from "../../networks/log.ts";
import type { SecretStore } from "../../secrets/secret-store.ts";
import type { Host } from "../host.ts";
import { createElectronHost } from "./create.ts";
import { createFakeElectron, type FakeElectron, FakeNotification } from "./fake-electron.test-helper.ts";
import type { FakeWindow } from "./fake-window.test-helper.ts";

const secrets: SecretStore = {
  probe: async () => "absent",
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
};
const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** The Electron host over the stand-in, with what it has told. */
export interface HostedElectron {
  readonly folder: string;
  readonly fake: FakeElectron;
  readonly host: Host;
  readonly calls: readonly Call[];
  readonly quits: number;
  begin(options: HostedOptions): Promise<void>;
  /** Shows the window and returns it. */
  open(): Promise<FakeWindow>;
}

export interface HostedOptions {
  readonly tray: boolean;
  readonly platform?: NodeJS.Platform;
  readonly hidden?: boolean;
}

/** A new host before each test of the file, ended after it. */
export function hostedElectron(): HostedElectron {
  let folder = "";
  let fake: FakeElectron;
  let host: Host;
  let calls: Call[];
  let quits: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hallway-electron-"));
    await writeFile(join(folder, "index.html"), "<!doctype html>");
    await writeFile(join(folder, "main.js"), "1;");
    await writeFile(join(folder, "secret.txt"), "not for the page");
    await begin({ tray: true });
  });
  afterEach(async () => {
    await host.quit();
    await rm(folder, { recursive: true, force: true });
  });

  async function begin({ platform, hidden = false, ...options }: HostedOptions): Promise<void> {
    fake = createFakeElectron(options);
    FakeNotification.all.length = 0;
    calls = [];
    quits = 0;
    host = await createElectronHost(fake.modules, {
      pages: folder,
      folder,
      place: join(folder, "window.json"),
      hidden,
      secrets,
      log,
      words: {
        open: "Open",
        quit: "Quit",
        hangs: "It hangs",
        crashed: "It crashed",
        reload: "Reload",
        wait: "Wait",
        unread: "Unread",
      },
      command: ["/opt/hallway"],
      ...(platform ? { platform } : {}),
    });
    host.onCall((call) => calls.push(call));
    host.onQuit(() => quits++);
  }

  return {
    get folder() {
      return folder;
    },
    get fake() {
      return fake;
    },
    get host() {
      return host;
    },
    get calls() {
      return calls;
    },
    get quits() {
      return quits;
    },
    begin,
    async open() {
      await host.showWindow();
      const window = fake.windows[0];
      if (window === undefined) throw new Error("no window was made");
      return window;
    },
  };
}
