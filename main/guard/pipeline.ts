import { HallwayError } from "../../shared/errors.ts";
import type { ContentFinding } from "../../shared/model/content.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import type { Parties } from "./audience.ts";
import { createConfirmations } from "./confirmation.ts";
import { type ContentHit, type Finding, Inspection } from "./inspection.ts";
import type { BrokenRule } from "./rules.ts";

/** Incoming text, or text written on another device of the person. */
export interface ReceivedText extends Parties {
  readonly direction: "in" | "out";
  readonly body: string;
}

export interface TypedText extends Parties {
  readonly body: string;
  /** The token of the `content-warning` that the person said yes to. */
  readonly confirm?: string | undefined;
}

/**
 * The one place that every message passes in both directions:
 *
 *   typed here      -> outgoing -> stored -> stillAllowed -> network
 *   network, archive, carbons -> received -> stored, shown, announced
 *
 * A rule that cannot be applied counts as one that forbids, unless ContentFailureMode lets it pass.
 */
export interface ContentGuard {
  /**
   * Text that may be stored and sent for what the person typed. Throws `content-blocked` {rule, finding, message}, or
   * `content-warning` {rule, finding, message, token} for the person to decide.
   */
  outgoing(text: TypedText): string;
  /**
   * A message that was stored earlier, just before it is sent: throws `content-blocked` where the rules of now would
   * not let it pass as it is.
   */
  stillAllowed(text: TypedText): void;
  /**
   * Text that may be stored and shown of it: the whole, the text with parts taken out, or a notice in its place.
   * `found` is handed the report where rules found something; without it the report is made at once.
   */
  received(text: ReceivedText, found?: (report: () => void) => void): string;
  /**
   * Throws unless policy lets a link be opened: `content-warning` until the person has been asked, `blocked-by-policy`.
   */
  openLink(confirmed: boolean): void;
  /** Rules or domains of the policy are others now. */
  changed(): void;
}

export interface ContentGuardOptions {
  readonly get: ReadSetting;
  /** Notice in place of a message that may not be shown. */
  readonly notice: (info: {
    readonly finding: ContentFinding;
    readonly rule: string | undefined;
    readonly message: string | undefined;
  }) => string;
  readonly onHit: (hit: ContentHit) => void;
  /** The rules of a policy were compiled; these cannot be applied. */
  readonly onBroken: (broken: readonly BrokenRule[]) => void;
}

export function createContentGuard(options: ContentGuardOptions): ContentGuard {
  return new RuledGuard(options);
}

class RuledGuard implements ContentGuard {
  readonly #options: ContentGuardOptions;
  readonly #inspection: Inspection;
  readonly #confirmations = createConfirmations();

  constructor(options: ContentGuardOptions) {
    this.#options = options;
    this.#inspection = new Inspection(options.get, options.onBroken);
  }

  outgoing({ own, peer, body, confirm }: TypedText): string {
    const { block, warnings, hits, body: allowed } = this.#inspection.inspect(body, "out", { own, peer });
    hits.forEach(this.#options.onHit);
    if (block) throw new HallwayError("content-blocked", paramsOf(block));
    const [first] = warnings;
    if (first) {
      const parts = [own ?? "", peer, body, ...warnings.map(({ rule }) => rule ?? "")];
      if (confirm === undefined || !this.#confirmations.isGood(confirm, parts))
        throw new HallwayError("content-warning", { ...paramsOf(first), token: this.#confirmations.token(parts) });
    }
    return allowed;
  }

  stillAllowed({ own, peer, body }: TypedText): void {
    const { block, hits, body: allowed } = this.#inspection.inspect(body, "out", { own, peer });
    // What was found when it was typed is written down; only what is new counts.
    if (block || allowed !== body) hits.forEach(this.#options.onHit);
    if (block) throw new HallwayError("content-blocked", paramsOf(block));
    // It is on the screen as it was typed: taking parts out now would send another message than the one shown.
    if (allowed !== body) throw new HallwayError("content-blocked");
  }

  received(
    { own, peer, direction, body }: ReceivedText,
    found: (report: () => void) => void = (report) => report(),
  ): string {
    const { onHit, notice } = this.#options;
    const verdict = this.#inspection.inspect(body, direction, { own, peer });
    if (verdict.hits.length > 0) found(() => verdict.hits.forEach(onHit));
    return verdict.block ? notice(verdict.block) : verdict.body;
  }

  openLink(confirmed: boolean): void {
    const mode = this.#options.get("LinkMode");
    if (mode === "text" || mode === "block") throw new HallwayError("blocked-by-policy", { setting: "LinkMode" });
    if (mode === "warn" && !confirmed) throw new HallwayError("content-warning", { finding: "link" });
  }

  changed(): void {
    this.#inspection.changed();
  }
}

function paramsOf({ rule, finding, message }: Finding): Record<string, string> {
  return { finding, ...(rule === undefined ? {} : { rule }), ...(message === undefined ? {} : { message }) };
}
