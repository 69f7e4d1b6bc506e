/**
 * Profile, kept beside conversations in an encrypted database of its own (profile.db): accounts, the contact list as
 * last seen, archive marks, drafts, the person's settings, and passwords where there is no secret store. It stays when
 * HistoryMode is `off`. Values are JSON text, at most 16 MiB; a namespace is one kind of thing.
 */
export interface Profile {
  get(namespace: ProfileNamespace, key: string): Promise<string | undefined>;
  /** All of a namespace, by key. */
  all(namespace: ProfileNamespace): Promise<ReadonlyMap<string, string>>;
  /** One transaction; undefined deletes. Resolves when it is on disk. */
  put(
    entries: readonly {
      readonly namespace: ProfileNamespace;
      readonly key: string;
      readonly value: string | undefined;
    }[],
  ): Promise<void>;
  close(): Promise<void>;
}

export const profileNamespaces = [
  "account",
  "contact",
  "archive-mark",
  "heard",
  "draft",
  "setting",
  "password",
  "device",
  "network-cache",
  "request",
  "own-change",
  "app",
] as const;
export type ProfileNamespace = (typeof profileNamespaces)[number];
