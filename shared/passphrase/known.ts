/**
 * Words that others know of a person and that a passphrase must not be made of: their organization and their addresses.
 */
export function knownOf(organization: string, addresses: readonly string[]): readonly string[] {
  return [organization, ...addresses].filter((one) => one !== "");
}
