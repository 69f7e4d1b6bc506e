import { chmod, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestHome } from "./app/launch.ts";

/** Whose policies are in force, and whom to ask about them. */
export const organization = { OrganizationName: "Example Bank", SupportContact: "helpdesk@bank.example" };

/** Puts values into force under the running program; undefined: no policy at all. */
export async function policy(testHome: TestHome, values: Readonly<Record<string, unknown>> | undefined): Promise<void> {
  const name = "20-enforcement.json";
  if (values === undefined) await rm(join(testHome.policyFolder, "managed", name), { force: true });
  else await policyFile(testHome, { name, content: { ...values, ...organization } });
}

/** A mandatory policy file: an object of settings, or its text. */
interface PolicyFile {
  readonly name: string;
  readonly content: string | Readonly<Record<string, unknown>>;
  readonly mode?: number;
}

/**
 * Puts a policy file in its place whole and answers its path: a busy machine may take longer over writing one than the
 * program lets pass, and half a file is a broken one.
 */
export async function policyFile(testHome: TestHome, { name, content, mode = 0o644 }: PolicyFile): Promise<string> {
  const file = join(testHome.policyFolder, "managed", name);
  const written = join(testHome.folder, name);
  await writeFile(written, typeof content === "string" ? content : JSON.stringify(content));
  await chmod(written, mode);
  await rename(written, file);
  return file;
}
