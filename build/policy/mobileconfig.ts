import { createHash } from "node:crypto";
import { domain, policyKeys } from "./keys.ts";
import { type Plist, toPlist, writePlist } from "./plist.ts";

/**
 * A configuration profile for macOS with an example of every key: take what you need of it, and give it an identifier
 * and UUIDs of your own. Its values are forced. Source: Apple's Configuration Profile Reference, a payload type for
 * each preference domain.
 */
export function writeMobileconfig(): string {
  const values = policyKeys.flatMap(({ key, declaration }): [string, Plist][] => {
    const value = toPlist(declaration.example);
    return value === undefined ? [] : [[key, value]];
  });
  const payload = {
    PayloadType: domain,
    PayloadIdentifier: `${domain}.policy`,
    PayloadUUID: stableUuid(`${domain}.policy`),
    PayloadVersion: 1,
    PayloadDisplayName: "Hallway policy",
    ...Object.fromEntries(values),
  };
  return writePlist({
    PayloadType: "Configuration",
    PayloadIdentifier: `${domain}.profile`,
    PayloadUUID: stableUuid(`${domain}.profile`),
    PayloadVersion: 1,
    PayloadScope: "System",
    PayloadRemovalDisallowed: true,
    PayloadDisplayName: "Hallway",
    PayloadDescription: "Sample policy of Hallway with an example of every setting.",
    PayloadContent: [payload],
  });
}

/** The same UUID for the same name, so that the file does not change by itself (RFC 9562 section 5.8). */
function stableUuid(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex").toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-A${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
