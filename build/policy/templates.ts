import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "../root.ts";
import { writeAdml, writeAdmx } from "./admx.ts";
import { writeJsonSchema } from "./json-schema.ts";
import { domain } from "./keys.ts";
import { writeLinuxSample } from "./linux-sample.ts";
import { writeManifest } from "./manifest.ts";
import { writeMobileconfig } from "./mobileconfig.ts";
import { writeReference } from "./reference.ts";

/** `npm run policy:templates`: everything that is written from shared/settings for IT, by its path in the checkout. */
export function policyTemplates(): ReadonlyMap<string, string> {
  return new Map([
    ["build/policy/hallway.admx", writeAdmx()],
    ["build/policy/en-US/hallway.adml", writeAdml("en")],
    ["build/policy/fr-FR/hallway.adml", writeAdml("fr")],
    ["build/policy/hallway.mobileconfig", writeMobileconfig()],
    [`build/policy/${domain}.manifest.plist`, writeManifest()],
    ["build/policy/linux/hallway.json", writeLinuxSample()],
    ["build/policy/hallway.schema.json", writeJsonSchema()],
    ["docs/policies.md", writeReference()],
  ]);
}

if (import.meta.main) {
  for (const [path, content] of policyTemplates()) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    console.log(path);
  }
}
