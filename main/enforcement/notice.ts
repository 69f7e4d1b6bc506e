import { createHash } from "node:crypto";
import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import type { Profile } from "../profile/profile.ts";
import type { Audit } from "../record/audit/audit.ts";

/** Record of each acceptance: when, of which version, and of exactly which text in which language. */
const AcceptanceSchema = v.object({ at: v.number(), version: v.string(), language: v.string(), hash: v.string() });
const AcceptancesSchema = v.array(AcceptanceSchema);
type Acceptance = v.InferOutput<typeof AcceptanceSchema>;

const key = "notice-acceptances";
/** Enough to show what was accepted over the years; the oldest go first. */
const maxKept = 200;

interface NoticeParts {
  readonly profile: Profile;
  /** The one in force now. */
  readonly notice: () => SettingValue<"ComplianceNotice">;
  readonly audit: Audit;
  readonly now: () => number;
}

/** The organization's notice (policy ComplianceNotice) and whether the person has accepted it as it is now. */
export class Notice {
  readonly #parts: NoticeParts;
  #accepted: readonly Acceptance[];

  private constructor(parts: NoticeParts, accepted: readonly Acceptance[]) {
    this.#parts = parts;
    this.#accepted = accepted;
  }

  /** Reads what was accepted before. */
  static async open(parts: NoticeParts): Promise<Notice> {
    return new Notice(parts, read(await parts.profile.get("app", key)));
  }

  /** True: there is one, and its present text has not been accepted. */
  get pending(): boolean {
    const current = this.#parts.notice();
    if (current === null) return false;
    const hashes = new Set([hashOf(current.en), hashOf(textOf(current, "fr"))]);
    return !this.#accepted.some(({ version, hash }) => version === current.version && hashes.has(hash));
  }

  /** Errors: `not-found` for a version that is not the present one, `storage-*` when it cannot be recorded. */
  async accept(version: string, language: "en" | "fr"): Promise<void> {
    const { profile, audit, now } = this.#parts;
    const sha256 = this.#shown(version, language);
    const next = [...this.#accepted, { at: now(), version, language, hash: sha256 }].slice(-maxKept);
    await profile.put([{ namespace: "app", key, value: JSON.stringify(next) }]);
    await audit.record({ kind: "policy", action: "notice-accepted", details: { version, language, sha256 } });
    this.#accepted = next;
  }

  /** Records that the person declined it; it stays pending. Errors as above. */
  async decline(version: string, language: "en" | "fr"): Promise<void> {
    const sha256 = this.#shown(version, language);
    await this.#parts.audit.record({
      kind: "policy",
      action: "notice-declined",
      details: { version, language, sha256 },
    });
  }

  /** The hash of the text that was shown. Error: `not-found`. */
  #shown(version: string, language: "en" | "fr"): string {
    const current = this.#parts.notice();
    if (current?.version !== version) throw new HallwayError("not-found");
    return hashOf(textOf(current, language));
  }
}

function textOf(notice: NonNullable<SettingValue<"ComplianceNotice">>, language: "en" | "fr"): string {
  return language === "fr" ? (notice.fr ?? notice.en) : notice.en;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Acceptances on record; text that cannot be read counts as none. */
function read(text: string | undefined): readonly Acceptance[] {
  try {
    const parsed = v.safeParse(AcceptancesSchema, JSON.parse(text ?? "[]"));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}
