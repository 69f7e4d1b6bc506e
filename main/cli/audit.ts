import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import { createWords, type Words } from "../../shared/words/words.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import { openProfile } from "../profile/open-profile.ts";
import type { Profile } from "../profile/profile.ts";
import type { AuditMethods } from "../record/audit/audit-methods.ts";
import type { AuditPosition } from "../record/audit/entry.ts";
import { readSeal } from "../record/audit/seal.ts";
import { readSentHeads, type SentHeads } from "../record/audit/sent-heads.ts";
import { type Verdict, verifyChain } from "../record/audit/verify.ts";
import { readDeviceKey } from "../secrets/device-key.ts";
import { encryptedFiles } from "../secrets/encrypted-files.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { createVault } from "../secrets/vault.ts";
import { asksForHelp, type CommandResult, terminalText } from "./command.ts";
import { openVault } from "./open-vault.ts";

export interface AuditCommandOptions {
  /** The person's folder. */
  readonly folder: string;
  readonly secrets: SecretStore;
  /** The history worker's file. */
  readonly workerUrl: URL;
  /** BCP 47 tag of the language to speak. */
  readonly locale: string;
  /** Asks for the passphrase where the secret store does not hold the key; undefined: none was given. */
  readonly askPassphrase: (prompt: string) => Promise<string | undefined>;
}

/** Report of a verification, as `--json` prints it. */
interface Report extends Verdict {
  readonly sealed: AuditPosition | undefined;
  readonly publicKey: string | undefined;
  readonly every: boolean;
  /** The highest number of which the archive has a head of this device. */
  readonly sent?: number | undefined;
}

/**
 * `hallway audit verify [--every] [--json] [--head FILE]`, without a window, and while Hallway runs. It changes
 * nothing.
 */
export async function auditCommand(args: readonly string[], options: AuditCommandOptions): Promise<CommandResult> {
  const words = createWords(options.locale);
  const asked = parse(args);
  if (asked === undefined)
    return { status: 2, out: "", err: terminalText([words.t("audit.cli.wrongUse"), ...usage(words)]) };
  if (asked === "help") return { status: 0, out: terminalText(usage(words)), err: "" };
  const heads =
    asked.head === undefined ? undefined : await readSentHeads(asked.head).catch(() => new Map<never, never>());
  if (heads?.size === 0)
    return { status: 2, out: "", err: terminalText([words.t("audit.cli.failed"), words.t("audit.cli.noHead")]) };
  const worker = startDatabaseWorker(options.workerUrl);
  try {
    const { folder, secrets } = options;
    const askPassphrase = () => options.askPassphrase(words.t("audit.cli.passphrase"));
    const report = await verify({ every: asked.every, heads }, { folder, secrets, askPassphrase }, worker);
    return {
      status: report.broken ? 1 : 0,
      out: asked.json ? jsonOf(report) : terminalText(linesOf(report, words)),
      err: "",
    };
  } catch (error) {
    const { what, next } = words.error(toErrorInfo(error));
    return { status: 2, out: "", err: terminalText([words.t("audit.cli.failed"), what, next]) };
  } finally {
    await worker.stop();
  }
}

/** A folder with an audit log, and the means to open it. */
interface AuditedFolder extends Pick<AuditCommandOptions, "folder" | "secrets"> {
  readonly askPassphrase: () => Promise<string | undefined>;
}

async function verify(
  { every, heads }: { readonly every: boolean; readonly heads: SentHeads | undefined },
  { folder, secrets, askPassphrase }: AuditedFolder,
  worker: DatabaseWorker<AuditMethods>,
): Promise<Report> {
  const empty: Report = {
    entries: 0,
    last: undefined,
    broken: undefined,
    sealed: undefined,
    publicKey: undefined,
    every,
  };
  // Opening a vault where there is none would make one.
  if (!existsSync(join(folder, "vault.json")) && encryptedFiles(folder).length === 0) return withoutLog(empty, heads);
  let profile: Profile | undefined;
  const vault = createVault({ folder, secrets: { ...secrets, ...changesNothing }, profile: () => profile });
  try {
    const key = await openVault(vault, askPassphrase);
    // Where there is no secret store, or was none until lately, the seal and the device's key are there.
    try {
      profile = {
        ...(await openProfile({ worker, folder, key, onTrouble: () => undefined, onlyRead: true })),
        put: async () => undefined,
      };
    } catch (error) {
      if (vault.byPassphrase) throw error;
    }
    // The seal first: what is written while the chain is read is longer than it, never shorter.
    const sealed = await readSeal(vault.deviceSecrets);
    const deviceKey = await readDeviceKey(vault.deviceSecrets);
    const path = join(folder, "audit.db");
    const isThere = existsSync(path);
    if (!deviceKey)
      return isThere || sealed ? { ...empty, sealed, broken: { n: 1, kind: "no-key" } } : withoutLog(empty, heads);
    const { publicKey } = deviceKey;
    const sent = heads?.get(publicKey);
    // Others' heads only: these are of the log that was here before, or of another computer.
    if (heads && !sent) return { ...empty, sealed, publicKey, broken: { n: 1, kind: "other-key" } };
    if (isThere) {
      try {
        await worker.call("audit.open", { path, key, signWith: undefined, sealed, now: 0 });
      } catch (error) {
        if (!(error instanceof HallwayError) || !["storage-corrupt", "vault-unavailable"].includes(error.code))
          throw error;
        return { ...empty, sealed, publicKey, broken: { n: 1, kind: "unreadable" } };
      }
    }
    const verdict = await verifyChain({
      read: async (after, limit) => (isThere ? await worker.call("audit.read", { n: after, hash: "" }, limit) : []),
      sealed,
      sent,
      publicKey,
      every,
    });
    return { ...verdict, sealed, publicKey, every, sent: sent && longest([sent]) };
  } finally {
    vault.close();
  }
}

/** Nothing was ever written here; or it was, as the archive knows, and all of it is gone. */
function withoutLog(empty: Report, heads: SentHeads | undefined): Report {
  return heads ? { ...empty, broken: { n: 1, kind: "truncated", to: longest(heads.values()) } } : empty;
}

function longest(heads: Iterable<ReadonlyMap<number, string>>): number {
  return [...heads].flatMap((known) => [...known.keys()]).reduce((most, n) => Math.max(most, n), 0);
}

/** For a secret store that is only read. */
const changesNothing = { set: async () => undefined, delete: async () => undefined };

function parse([command, ...rest]: readonly string[]):
  | "help"
  | { readonly every: boolean; readonly json: boolean; readonly head: string | undefined }
  | undefined {
  if (command === undefined || asksForHelp([command, ...rest], ["verify"])) return "help";
  if (command !== "verify") return undefined;
  try {
    const { values } = parseArgs({
      args: [...rest],
      options: { every: { type: "boolean" }, json: { type: "boolean" }, head: { type: "string" } },
    });
    return { every: values.every === true, json: values.json === true, head: values.head };
  } catch {
    return undefined;
  }
}

function usage(words: Words): string[] {
  return [
    words.t("audit.cli.about"),
    "",
    "hallway audit verify [--every] [--json] [--head FILE]",
    `    ${words.t("audit.cli.verify")}`,
    `    ${words.t("audit.cli.head")}`,
    `    ${words.t("audit.cli.status")}`,
  ];
}

function linesOf({ entries, last, broken, sealed, sent, publicKey, every }: Report, words: Words): string[] {
  const lines: string[] = [];
  if (broken)
    lines.push(
      words.t("audit.cli.broken", { n: broken.n }),
      words.t(`audit.broken.${broken.kind}`, { to: broken.to ?? broken.n }),
    );
  else if (last)
    lines.push(
      words.t("audit.cli.whole", { count: entries }),
      words.t(every ? "audit.cli.every" : "audit.cli.lastOnly"),
    );
  else lines.push(words.t("audit.cli.empty"));
  const about = (
    label: "audit.cli.last" | "audit.cli.sealed" | "audit.cli.sent" | "audit.cli.key",
    value: string,
  ): void => {
    lines.push(words.t("policy.cli.line", { label: words.t(label), value }));
  };
  if (last) about("audit.cli.last", `${last.n} ${timeOf(last.at)} ${last.hash}`);
  if (sealed && sealed.n > 0) about("audit.cli.sealed", `${sealed.n} ${sealed.hash}`);
  if (sent !== undefined) about("audit.cli.sent", String(sent));
  if (publicKey !== undefined) about("audit.cli.key", publicKey);
  return lines;
}

function jsonOf({ entries, last, broken, sealed, sent, publicKey, every }: Report): string {
  const verdict = broken ? "broken" : last ? "whole" : "empty";
  const head = last && { n: last.n, at: last.at, hash: last.hash };
  return `${JSON.stringify({ verdict, entries, broken, last: head, sealed, sent, publicKey, signatures: every ? "every" : "last" }, undefined, 2)}\n`;
}

function timeOf(at: number): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString();
}
