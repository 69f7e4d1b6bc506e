import { readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { startDatabaseWorker } from "../../app/start-database-worker.ts";
import { workerUrl } from "../../history/workers.test-helper.ts";
import { openDeviceKey } from "../../secrets/device-key.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import { openAudit } from "./open-audit.ts";
import { sealNothing } from "./seal.ts";

/** A process for crash.test.ts that writes entries until it is killed, and says of each that it was acknowledged. */
const [folder = "", key = ""] = process.argv.slice(2);
/** Stands for the secret store, which outlives the process: one file for each secret. */
const secrets: Secrets = {
  async get(name) {
    try {
      return readFileSync(join(folder, name), "utf8");
    } catch {
      return undefined;
    }
  },
  async set(name, value) {
    // As a secret store does it: whole or not at all.
    writeFileSync(join(folder, `${name}.new`), value);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  },
  delete: async () => undefined,
};
const log = await openAudit({
  worker: startDatabaseWorker(workerUrl),
  folder,
  key: new Uint8Array(Buffer.from(key, "hex")),
  deviceKey: await openDeviceKey(secrets, () => sealNothing(secrets)),
  secrets,
  kinds: () => ["hold", "sign-in"],
  enabled: () => true,
  onTrouble: () => process.exit(3),
  onWell: () => undefined,
  now: Date.now,
  sealWithin: 1,
});
for (let n = 0; ; n++) {
  const names = Array.from({ length: 1 + (n % 7) }, (_, i) => `${process.pid}-${n}-${i}`);
  await Promise.all(names.map((name) => log.record({ kind: "hold", action: "set", details: { name } })));
  say(names.join("\n"));
}

/** Told before anything else happens. The pipe may be full where the reader is slow: then it is tried again. */
function say(text: string): void {
  for (;;) {
    try {
      writeSync(1, `${text}\n`);
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
