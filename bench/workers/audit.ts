import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDatabaseWorker } from "../../main/app/start-database-worker.ts";
import type { DatabaseWorker } from "../../main/database/database-worker.ts";
import { workerUrl } from "../../main/history/workers.test-helper.ts";
import type { AuditMethods } from "../../main/record/audit/audit-methods.ts";
import type { AuditPosition, UnchainedEntry } from "../../main/record/audit/entry.ts";
import { detailsText } from "../../main/record/audit/entry.ts";
import { verifyChain } from "../../main/record/audit/verify.ts";
import { showPublicKey } from "../../main/secrets/signing.ts";
import { asWorker } from "../worker.ts";

export interface AuditInput {
  readonly entries: number;
  /** Of these, from the first, each signature is checked too. */
  readonly every: number;
  /** Entries that are written one by one, each on disk before the next. */
  readonly single: number;
}

export interface AuditResult {
  /** Microseconds for one entry: one by one, and in batches of 500. */
  readonly single: number;
  readonly batched: number;
  /** Milliseconds for all entries, by the hashes and the last signature. */
  readonly fast: number;
  /** Milliseconds for `every` entries, each signature. */
  readonly signatures: number;
  /** Resident memory that verifying all took over what it took after a tenth of them, in MB. */
  readonly growth: number;
}

const batch = 500;

function event(n: number): UnchainedEntry {
  const details = detailsText({
    account: "0b1c6f1e-2f1e-4f57-9d0e-5f2b1c3d4e5f",
    rule: "Cards",
    finding: "payment-card",
    action: "block",
    peer: `p${n % 977}@x.example`,
  });
  return { at: 1_790_000_000_000 + n * 100, kind: "content-rule", action: "hit", details };
}

async function fill(
  worker: DatabaseWorker<AuditMethods>,
  from: number,
  { count, size }: { readonly count: number; readonly size: number },
): Promise<{ readonly end: AuditPosition; readonly each: number }> {
  const started = performance.now();
  let end: AuditPosition = { n: from, hash: "" };
  for (let done = 0; done < count; done += size)
    end = await worker.call(
      "audit.append",
      end.n,
      Array.from({ length: Math.min(size, count - done) }, (_, i) => event(end.n + i)),
    );
  return { end, each: ((performance.now() - started) * 1000) / count };
}

asWorker<AuditInput, AuditResult>(async (input) => {
  const folder = await mkdtemp(join(tmpdir(), "hallway-bench-"));
  const worker = startDatabaseWorker(workerUrl);
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = showPublicKey(createPublicKey(privateKey));
  const signWith = new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" }));
  try {
    await worker.call("audit.open", {
      path: join(folder, "audit.db"),
      key: new Uint8Array(32).fill(1),
      signWith,
      sealed: { n: 0, hash: "" },
      now: 0,
    });
    const single = await fill(worker, 0, { count: input.single, size: 1 });
    const first = await fill(worker, single.end.n, { count: input.every - single.end.n, size: batch });
    const rest = await fill(worker, first.end.n, { count: input.entries - first.end.n, size: batch });

    let peak = 0;
    let early = 0;
    async function verify(every: boolean, sealed: AuditPosition): Promise<number> {
      const started = performance.now();
      const verdict = await verifyChain({
        async read(after, limit) {
          const page = await worker.call("audit.read", { n: after, hash: "" }, limit);
          const { rss } = process.memoryUsage();
          peak = Math.max(peak, rss);
          if (after < input.entries / 10) early = peak;
          return page.filter(({ n }) => n <= sealed.n);
        },
        sealed,
        publicKey,
        every,
      });
      if (verdict.broken || verdict.entries !== sealed.n)
        throw new Error(`the chain is not whole: ${JSON.stringify(verdict)}`);
      return performance.now() - started;
    }
    const signatures = await verify(true, first.end);
    peak = 0;
    const fast = await verify(false, rest.end);
    return { single: single.each, batched: rest.each, fast, signatures, growth: (peak - early) / 2 ** 20 };
  } finally {
    await worker.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
