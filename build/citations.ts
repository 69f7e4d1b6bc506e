import { findFaults } from "./citations/faults.ts";
import { root } from "./root.ts";

/** Verifies that every test that docs/trust.md cites exists. Ends with status 1 where one does not. */
const faults = await findFaults(root, "docs/trust.md");
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
