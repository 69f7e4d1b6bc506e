import type { Profile } from "../profile/profile.ts";
import type { UserSettings } from "./settings.ts";

/** The person's choices, in the encrypted profile. */
export function createProfileUserSettings(profile: Profile): UserSettings {
  return {
    load: () => profile.all("setting"),
    save: (key, json) => profile.put([{ namespace: "setting", key, value: json }]),
  };
}
