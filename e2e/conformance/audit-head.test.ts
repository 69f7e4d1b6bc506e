import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "@signalapp/sqlcipher";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startDatabaseWorker } from "../../main/app/start-database-worker.ts";
import { auditCommand } from "../../main/cli/audit.ts";
import { workerUrl } from "../../main/history/workers.test-helper.ts";
import { openAudit } from "../../main/record/audit/open-audit.ts";
import { sealNothing } from "../../main/record/audit/seal.ts";
import { openFeeds } from "../../main/record/feed/open-feeds.ts";
import { freeReach, neverLost, startHttpsReceiver } from "../../main/record/feed/receivers.test-helper.ts";
import { openDeviceKey } from "../../main/secrets/device-key.ts";
import type { SecretStore } from "../../main/secrets/secret-store.ts";
import { createVault } from "../../main/secrets/vault.ts";
import { type SettingKey, type SettingValue, settings } from "../../shared/settings/declaration.ts";
import { type Certificates, createCertificates } from "../servers/certificates.ts";
import { startRsyslog } from "../servers/rsyslog.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

let folder: string;
let kept: Map<string, string>;
let certificates: Certificates;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-head-"));
  kept = new Map();
  certificates = await createCertificates(["localhost"]);
});
afterEach(async () => {
  await certificates.remove();
  await rm(folder, { recursive: true });
});

const secrets: SecretStore = {
  probe: async () => "available",
  get: async (name) => kept.get(name),
  set: async (name, value) => void kept.set(name, value),
  delete: async (name) => void kept.delete(name),
};

/** The audit log and the feed as a started Hallway has them. */
async function start(destination: unknown) {
  const vault = createVault({ folder, secrets, profile: () => undefined });
  await vault.open();
  const key = vault.key ?? new Uint8Array();
  const worker = startDatabaseWorker(workerUrl);
  const told = { onTrouble: () => undefined, onWell: () => undefined };
  const audit = await openAudit({
    ...told,
    worker,
    folder,
    key,
    deviceKey: await openDeviceKey(vault.deviceSecrets, () => sealNothing(vault.deviceSecrets)),
    secrets: vault.deviceSecrets,
    kinds: () => ["hold"],
    enabled: () => true,
    now: Date.now,
  });
  const values: Readonly<Record<string, unknown>> = { ArchiveScope: "all", ArchiveDestination: destination };
  const feeds = await openFeeds({
    ...told,
    ...neverLost,
    profile: { get: async () => undefined, put: async () => undefined },
    worker,
    folder,
    key,
    audit,
    reach: freeReach({ extraTrust: [certificates.authority.pem] }),
    account: () => ({ network: "xmpp", own: "me@example.test" }),
    settings: {
      get: <K extends SettingKey>(name: K) => (values[name] ?? settings[name].default) as SettingValue<K>,
      onChange: () => () => undefined,
    },
    firstWait: 100,
    log: silent,
    now: Date.now,
  });
  const hold = (name: string) => audit.record({ kind: "hold", action: "set", details: { name } });
  return {
    key,
    audit,
    hold,
    async stop() {
      await feeds.close();
      await audit.close();
      await worker.stop();
    },
  };
}

function verify(...args: readonly string[]) {
  return auditCommand(["verify", "--json", ...args], {
    folder,
    secrets,
    workerUrl,
    locale: "en",
    askPassphrase: async () => undefined,
  });
}

/** Two real receivers over TLS, and all that each was sent, as it keeps it. */
const receivers = {
  "rsyslog over TLS": async () => {
    const server = await startRsyslog({ certificates, driver: "ossl" });
    return {
      destination: { type: "syslog", host: "localhost", port: server.port },
      received: async () => (await server.messages()).join("\n"),
      stop: server.stop,
    };
  },
  HTTPS: async () => {
    const { certPem: pem, keyPem: key } = certificates.good;
    const server = await startHttpsReceiver(0, { key, pem });
    return {
      destination: { type: "https", url: `https://localhost:${server.port}/` },
      received: async () => server.requests.map(({ body }) => body).join(""),
      stop: server.stop,
    };
  },
} as const;

describe.each(["rsyslog over TLS", "HTTPS"] as const)("the sealed head of the audit log, by %s", (name) => {
  it("comes with the feed, and shows that the end of the log was cut off and what is left sealed anew", async () => {
    const receiver = await receivers[name]();
    const file = join(folder, "received");
    const { key, audit, hold, stop } = await start(receiver.destination);
    let third: string | undefined;
    try {
      for (const subject of ["a", "b", "c", "d"]) await hold(subject);
      third = (await audit.entries(undefined, 3)).at(-1)?.hash;
      // Without a word being said.
      await vi.waitFor(async () => expect(await receiver.received()).toContain('{"audit":"head","n":5,'), {
        timeout: 60_000,
        interval: 50,
      });
    } finally {
      await stop();
      await writeFile(file, await receiver.received());
      await receiver.stop();
    }
    expect(await verify("--head", file)).toMatchObject({ status: 0 });

    const db = new Database(join(folder, "audit.db"));
    db.pragma(`key="x'${Buffer.from(key).toString("hex")}'"`);
    db.exec("DROP TRIGGER entry_stays; DROP TRIGGER entry_is_kept; DELETE FROM entry WHERE n > 3");
    db.close();
    kept.set(
      [...kept.keys()].find((entry) => entry.endsWith("/audit-head")) ?? "",
      JSON.stringify({ n: 3, hash: third }),
    );
    // On this computer nothing shows it.
    expect(await verify()).toMatchObject({ status: 0 });
    const { status, out } = await verify("--head", file);
    expect([status, JSON.parse(out)]).toMatchObject([
      1,
      { verdict: "broken", broken: { n: 4, kind: "truncated", to: 5 } },
    ]);
  }, 120_000);
});
