import { setTimeout } from "node:timers/promises";
import { callChannel } from "../../main/host/electron/channels.ts";
import { fake } from "./electron-runtime.test-helper.ts";

/**
 * The program of an archive as far as it goes without a real window: it opens one, serves its page, sets up the vault
 * (which starts the thread with the databases), exports (which starts the export's threads), and quits. What came of
 * each is printed as JSON.
 */
await import("./run-archive.test-helper.ts");
fake.modules.dialog.showOpenDialog = async () => ({
  canceled: false,
  filePaths: [process.env["HALLWAY_TEST_EXPORT"] ?? ""],
});

const window = await waitUntil(() => fake.windows.find(({ shown }) => shown.includes("show")));
const served = fake.session.served.get("app");
const page = await served?.(new Request("app://hallway/main.js"));

async function waitUntil<T>(look: () => T | undefined): Promise<T> {
  // The test that started this ends it, should it never be.
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await setTimeout(10);
  }
}

let id = 0;
async function call(method: string, args: object): Promise<unknown> {
  const asked = ++id;
  fake.ipcMain.emit(
    callChannel,
    { senderFrame: window.webContents.mainFrame },
    JSON.stringify({ id: asked, method, args }),
  );
  return waitUntil(() => said().find((message) => message["kind"] === "reply" && message["id"] === asked));
}

function said(): readonly Readonly<Record<string, unknown>>[] {
  return window.webContents.sent.map(([, message]) => message as Readonly<Record<string, unknown>>);
}

const vault = await call("vault.create", { passphrase: "lantern orbit quiet staple 42 marmalade" });
await waitUntil(() => /"vault":"ready"/.exec(JSON.stringify(said())) ?? undefined);
const exported = await call("history.export", { format: "json", query: {} });
const end = await waitUntil(() => /"export":\{"state":"(done|failed)"/.exec(JSON.stringify(said()))?.[1]);
console.log(JSON.stringify({ page: page?.status, url: window.webContents.mainFrame.url, vault, exported, end }));
fake.app.quit();
