import { answerFiles } from "./executed-files.ts";

/** The thread with the databases of a checkout, whose address is in the environment of the process that counts. */
answerFiles();
await import(process.env["COUNTED_WORKER"] ?? "");
