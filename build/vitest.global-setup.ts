import { bundleIfStale } from "./bundle.ts";

/** Before any test: the threads that tests start are bundled (main/history/workers.test-helper.ts says why). */
export async function setup(): Promise<void> {
  await bundleIfStale(["worker", "export-worker"]);
}
