import type { SettingValue } from "../../../../shared/settings/declaration.ts";
import type { ServerReach } from "../../../networks/dial-host.ts";
import type { Destination } from "./destination.ts";
import { createFolderDestination } from "./folder.ts";
import { createHttpsDestination } from "./https.ts";
import { createSyslogDestination } from "./syslog.ts";

/** The destination that the setting names; undefined: none. `timeout`: of one POST, in milliseconds. */
export function createDestination(
  place: SettingValue<"ArchiveDestination">,
  reach: ServerReach,
  timeout: number | undefined,
): Destination | undefined {
  switch (place?.type) {
    case undefined:
      return undefined;
    case "folder":
      return createFolderDestination(place.path);
    case "syslog":
      return createSyslogDestination({ ...place, authority: place.authority }, reach);
    case "https":
      return createHttpsDestination(
        { url: place.url, authority: place.authority, authorizationFile: place.authorizationFile, timeout },
        reach,
      );
  }
}
