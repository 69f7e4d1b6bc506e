import { exportOptions } from "./history.test-helper.ts";
import { removeLeftovers } from "./pending.ts";
import { startExport } from "./start-export.ts";

/**
 * A process that makes one export after the other until it is killed: `exporter.test-helper.ts PROFILE OUT`. It says
 * each one that is begun and done.
 */
const [profile = "", out = ""] = process.argv.slice(2);
const formats = ["html", "json", "eml", "xml", "csv"] as const;
await removeLeftovers(profile);
process.stdout.write("ready\n");
for (let n = 0; ; n++) {
  const format = formats[n % formats.length] ?? "json";
  const target = `${out}/${process.pid}-${n}`;
  let begun = false;
  const onProgress = (): void => {
    if (!begun) process.stdout.write("begun\n");
    begun = true;
  };
  const counts = await startExport({ ...exportOptions(profile), format, target, onProgress }).result;
  process.stdout.write(`done ${target} ${counts?.messages ?? 0}\n`);
}
