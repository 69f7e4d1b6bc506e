import { DatabaseThread, type DatabaseWorker } from "../database/database-worker.ts";
import type { WorkerMethods } from "./worker-methods.ts";

/** Starts the thread with the databases. `url`: main/app/database-thread.ts, or what it was bundled to. */
export function startDatabaseWorker(url: URL): DatabaseWorker<WorkerMethods> {
  return new DatabaseThread<WorkerMethods>(url, {
    "history.setMode": "mode",
    "history.setScope": "scope",
    "history.keep": "retention",
  });
}
