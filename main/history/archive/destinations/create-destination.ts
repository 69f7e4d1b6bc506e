import type { SettingValue } from "../../../../shared/settings/declaration.ts";
import type { Destination } from "./destination.ts";
import { createFolderDestination } from "./folder.ts";
import { createHttpsDestination } from "./https.ts";
import { createSyslogDestination } from "./syslog.ts";

type Place = SettingValue<"ArchiveDestination">;
type MinVersion = "TLSv1.2" | "TLSv1.3";

/** Two places with the same text are one. */
export function placeOf(place: Place, minVersion: MinVersion): string {
  return JSON.stringify([place, minVersion]);
}

/** The destination that the setting names; undefined: none. `timeout`: of one POST, in milliseconds. */
export function createDestination(place: Place, minVersion: MinVersion, timeout: number | undefined): Destination | undefined {
  switch (place?.type) {
    case undefined:
      return undefined;
    case "folder":
      return createFolderDestination(place.path);
    case "syslog":
      return createSyslogDestination({ host: place.host, port: place.port, authority: place.authority, minVersion });
    case "https":
      return createHttpsDestination({ url: place.url, authority: place.authority, authorizationFile: place.authorizationFile, minVersion, timeout });
  }
}
