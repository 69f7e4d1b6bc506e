import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestHome } from "./app/launch.ts";

/** Whose policies are in force, and whom to ask about them. */
export const organization = { OrganizationName: "Example Bank", SupportContact: "helpdesk@bank.example" };

/** Puts values into force under the running program; undefined: no policy at all. */
export async function policy(testHome: TestHome, values: Readonly<Record<string, unknown>> | undefined): Promise<void> {
  const file = join(testHome.policyFolder, "managed", "20-enforcement.json");
  if (values === undefined) await rm(file, { force: true });
  else await writeFile(file, JSON.stringify({ ...values, ...organization }), { mode: 0o644 });
}
