import type { SettingValue } from "../../../shared/settings/declaration.ts";

/** Policy about the archive, read whenever it counts. */
export interface FeedPolicy {
  readonly scope: () => SettingValue<"ArchiveScope">;
  readonly destination: () => SettingValue<"ArchiveDestination">;
  readonly format: () => SettingValue<"ArchiveFormat">;
  readonly required: () => boolean;
  readonly allowedDomains: () => readonly string[];
  /** All that it says of how servers are reached, as a text that is the same while it is. */
  readonly reaching: () => string;
  /** One of them has changed. Returns a disposer. */
  readonly onChange: (listener: () => void) => () => void;
}
