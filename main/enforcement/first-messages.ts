import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import type { Profile } from "../profile/profile.ts";

/**
 * Counts people written to for the first time, so that a stolen account cannot write to everybody (policy
 * OutboundBurstLimit).
 */
export interface FirstMessages {
  /**
   * A first message to somebody is about to be sent. Error: `blocked-by-policy` when there were too many within the
   * hour.
   */
  admit(): void;
}

const hour = 3_600_000;
const key = "first-messages";
const TimesSchema = v.array(v.number());

/** Takes up what was counted before a restart. `limit`: people in an hour. */
export async function openFirstMessages(parts: {
  readonly profile: Profile;
  readonly limit: () => number;
  readonly now: () => number;
}): Promise<FirstMessages> {
  const { profile, limit, now } = parts;
  let times: number[] = [...read(await profile.get("app", key))];
  return {
    admit() {
      const at = now();
      // A time to come is what a clock that was set back makes of one that was: it counts as now.
      times = times.map((time) => Math.min(time, at)).filter((time) => at - time < hour);
      const allowed = limit();
      if (times.length >= allowed)
        throw new HallwayError("blocked-by-policy", { setting: "OutboundBurstLimit", limit: allowed });
      times.push(at);
      // Where the disk takes nothing, it still counts until Hallway quits.
      void profile.put([{ namespace: "app", key, value: JSON.stringify(times) }]).catch(() => undefined);
    },
  };
}

function read(text: string | undefined): readonly number[] {
  try {
    const parsed = v.safeParse(TimesSchema, JSON.parse(text ?? "[]"));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}
