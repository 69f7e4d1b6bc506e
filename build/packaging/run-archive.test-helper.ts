import { createRequire } from "node:module";
import { join } from "node:path";

/** Starts the program of HALLWAY_TEST_ARCHIVE as Electron does, packaged: with arguments of its own alone. */
const entry = join(process.env["HALLWAY_TEST_ARCHIVE"] ?? "", "dist/electron/main.cjs");
process.argv = [process.execPath, ...process.argv.slice(2)];
createRequire(import.meta.url)(entry);
