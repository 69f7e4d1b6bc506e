import { bundleIfStale, testParts } from "../build/bundle.ts";

/** Bundles what is older than its sources, once before all tests. */
export default async function setUp(): Promise<void> {
  await bundleIfStale(testParts);
}
