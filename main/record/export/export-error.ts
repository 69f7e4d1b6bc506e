import { HallwayError } from "../../../shared/errors.ts";
import { translate } from "../../database/database.ts";

const noRoom: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

/**
 * Error of an export: `export-no-room` and `export-no-folder` (param `reason`: code of the file system) are about where
 * it is written to, the `storage-` codes about the history that is read.
 */
export function exportError(error: unknown): HallwayError {
  if (error instanceof HallwayError) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (noRoom.includes(code)) return new HallwayError("export-no-room", undefined, error);
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code))
    return new HallwayError("export-no-folder", { reason: code }, error);
  return translate(error);
}
