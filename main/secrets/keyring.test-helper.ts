import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KeytarStore } from "./keytar-store.ts";
import { createVault } from "./vault.ts";

/** A process for keytar-store.test.ts: uses the secret store of the session it runs in, and prints what it found. */
const store = new KeytarStore({ service: "Hallway test", timeout: 15_000 });
const probe = await store.probe();
const result: Record<string, unknown> = { probe };
if (probe === "available") {
  await store.set("name", "pässwörd 🔑");
  result["read"] = await store.get("name");
  await store.delete("name");
  result["deleted"] = (await store.get("name")) === undefined;
  const folder = await mkdtemp(join(tmpdir(), "hallway-keyring-"));
  const keys: string[] = [];
  for (let n = 0; n < 2; n++) {
    const vault = createVault({ folder, secrets: store, profile: () => undefined });
    await vault.open();
    result["vault"] = vault.state.state;
    keys.push(Buffer.from(vault.key ?? []).toString("hex"));
  }
  result["sameKey"] = keys[0] === keys[1] && keys[0]?.length === 64;
  await rm(folder, { recursive: true });
}
console.log(JSON.stringify(result));
// The library's own thread on the session bus would keep the process.
process.exit(0);
