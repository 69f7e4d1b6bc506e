import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import type { Profile } from "../profile/profile.ts";

const hour = 3_600_000;
const key = "first-messages";
const TimesSchema = v.array(v.number());

interface FirstMessagesParts {
  readonly profile: Profile;
  /** People in an hour. */
  readonly limit: () => number;
  readonly now: () => number;
}

/**
 * Counter of the people written to for the first time, so that a stolen account cannot write to everybody (policy
 * OutboundBurstLimit).
 */
export class FirstMessages {
  readonly #parts: FirstMessagesParts;
  #times: readonly number[];

  private constructor(parts: FirstMessagesParts, times: readonly number[]) {
    this.#parts = parts;
    this.#times = times;
  }

  /** Takes up what was counted before a restart. */
  static async open(parts: FirstMessagesParts): Promise<FirstMessages> {
    return new FirstMessages(parts, read(await parts.profile.get("app", key)));
  }

  /**
   * A first message to somebody is about to be sent. Error: `blocked-by-policy` when there were too many within the
   * hour.
   */
  admit(): void {
    const { profile, limit, now } = this.#parts;
    const at = now();
    // A time to come is what a clock that was set back makes of one that was: it counts as now.
    this.#times = this.#times.map((time) => Math.min(time, at)).filter((time) => at - time < hour);
    const allowed = limit();
    if (this.#times.length >= allowed)
      throw new HallwayError("blocked-by-policy", { setting: "OutboundBurstLimit", limit: allowed });
    this.#times = [...this.#times, at];
    // Where the disk takes nothing, it still counts until Hallway quits.
    void profile.put([{ namespace: "app", key, value: JSON.stringify(this.#times) }]).catch(() => undefined);
  }
}

function read(text: string | undefined): readonly number[] {
  try {
    const parsed = v.safeParse(TimesSchema, JSON.parse(text ?? "[]"));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}
