import { createHash } from "node:crypto";
import * as v from "valibot";
import { truncate } from "../../../shared/text/truncate.ts";
import type { Profile } from "../../profile/profile.ts";
import { maskSecrets } from "../../settings/mask.ts";
import type { Policies } from "../../settings/policies.ts";
import type { AuditEvent } from "./audit.ts";
import type { AuditLog } from "./audit-log.ts";

/**
 * Value written down last of each key at each level, so that a change is seen that happened while Hallway did not run.
 */
const StateSchema = v.object({
  values: v.record(v.string(), v.object({ shown: v.string(), hash: v.string() })),
  problems: v.array(v.string()),
});
type State = v.InferOutput<typeof StateSchema>;

const stateKey = "audited-policy";
/** Longest value in an entry, in UTF-16 units of its JSON; of a longer one the beginning and the hash are shown. */
const maxShown = 1500;

interface PolicyAuditParts {
  readonly policies: Pick<Policies, "snapshot" | "problems">;
  readonly profile: Profile;
  readonly audit: Pick<AuditLog, "record" | "writes">;
}

/** Writes down what changes in the policy, and what is wrong with it. */
export class PolicyAudit {
  readonly #parts: PolicyAuditParts;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: PolicyAuditParts) {
    this.#parts = parts;
  }

  /** Looks at the policy; to be called after every change. One call goes after the other. */
  look(): Promise<void> {
    const done = this.#looking.then(() => this.#lookNow());
    this.#looking = done.catch(() => undefined);
    return done;
  }

  async #lookNow(): Promise<void> {
    const { policies, profile, audit } = this.#parts;
    // What is not written down now is written down as a change when it may be again.
    if (!audit.writes("policy")) return;
    const text = await profile.get("app", stateKey);
    const before = read(text);
    const { mandatory, recommended } = policies.snapshot;
    const values = new Map<
      string,
      { readonly shown: string; readonly hash: string; readonly source: string; readonly line: number | undefined }
    >();
    for (const [level, found] of [["mandatory", mandatory] as const, ["recommended", recommended] as const])
      for (const [key, value] of found) values.set(`${level} ${key}`, valueOf(value));
    const events: AuditEvent[] = [];
    for (const name of new Set([...Object.keys(before.values), ...values.keys()])) {
      const [was, is] = [before.values[name], values.get(name)];
      if (was?.hash === is?.hash) continue;
      const [level = "", setting = ""] = name.split(" ");
      const where = { source: is?.source ?? null, line: is?.line ?? null };
      events.push({
        kind: "policy",
        action: "changed",
        details: { setting, level, from: was?.shown ?? null, to: is?.shown ?? null, ...where },
      });
    }
    const problems = policies.problems.map(({ kind, key, source, line, detail }) => ({
      problem: kind,
      setting: key ?? null,
      source,
      line: line ?? null,
      detail,
    }));
    const known = new Set(before.problems);
    for (const details of problems)
      if (!known.has(JSON.stringify(details))) events.push({ kind: "policy", action: "problem", details });
    await Promise.all(events.map((event) => audit.record(event)));
    const state: State = {
      values: Object.fromEntries([...values].map(([name, { shown, hash }]) => [name, { shown, hash }])),
      problems: problems.map((details) => JSON.stringify(details)),
    };
    const next = JSON.stringify(state);
    if (next !== text) await profile.put([{ namespace: "app", key: stateKey, value: next }]);
  }
}

function valueOf({
  value,
  source,
  line,
}: {
  readonly value: unknown;
  readonly source: string;
  readonly line?: number;
}): {
  readonly shown: string;
  readonly hash: string;
  readonly source: string;
  readonly line: number | undefined;
} {
  const hash = createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex");
  const shown = JSON.stringify(maskSecrets(value)) ?? "";
  return {
    shown: shown.length <= maxShown ? shown : `${truncate(shown, maxShown)}… sha256 ${hash}`,
    hash,
    source,
    line,
  };
}

/** Stored state. Text that cannot be read counts as none: all that is in force is written down again. */
function read(text: string | undefined): State {
  try {
    const parsed = v.safeParse(StateSchema, JSON.parse(text ?? ""));
    if (parsed.success) return parsed.output;
  } catch {
    // It counts as none.
  }
  return { values: {}, problems: [] };
}
