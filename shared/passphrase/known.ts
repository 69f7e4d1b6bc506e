/** What others know of a person and what a passphrase must not be made of: their organization and their addresses. */
export function knownOf(organization: string, addresses: readonly string[]): readonly string[] {
  return [organization, ...addresses].filter((one) => one !== "");
}
