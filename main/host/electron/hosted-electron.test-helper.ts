import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Call } from "../../../shared/ipc/transport.ts";
import { createWords } from "../../../shared/words/words.ts";
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
  /** The desktop begins to show trays, or ends. */
  showTrays(there: boolean): void;
  /** Shows the window and returns it. */
  open(): Promise<FakeWindow>;
}

export interface HostedOptions {
  /** Whether a tray can be made at all. */
  readonly tray: boolean;
  /** Whether the Linux desktop shows trays at the start; undefined: it cannot be asked. */
  readonly trayHost?: boolean | undefined;
  /** Socket of a bus on which the session says when it is locked. */
  readonly bus?: string;
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
  let showTrays: (there: boolean) => void = () => undefined;

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

  async function begin({
    platform,
    hidden = false,
    bus = "/nonexistent/bus",
    ...options
  }: HostedOptions): Promise<void> {
    const { trayHost } = { trayHost: true, ...options };
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
      words: createWords("en"),
      desktop: {
        async tray(onChange) {
          if (trayHost === undefined) throw new Error("no bus");
          showTrays = onChange;
          onChange(trayHost);
          return () => {
            showTrays = () => undefined;
          };
        },
        sessionBus: bus,
        systemBus: bus,
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
    showTrays: (there) => showTrays(there),
    async open() {
      await host.showWindow();
      const window = fake.windows[0];
      if (window === undefined) throw new Error("no window was made");
      return window;
    },
  };
}
