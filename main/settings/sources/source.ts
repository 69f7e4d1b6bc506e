import type { policyProblemKinds } from "../../../shared/model/policy.ts";

/**
 * Where a policy is read. One implementation for each way an operating system has; all of them run in tests on any
 * system.
 */
export interface PolicySource {
  /**
   * Reads everything. Does not reject: what cannot be read is a problem in the answer. `publicKey` is the
   * PolicyPublicKey of the last good policy: a source of files counts only those that this key has signed.
   */
  read(publicKey?: unknown): Promise<PolicyReading>;
  /** Tells that something may have changed; it may tell too often. Returns a disposer. */
  watch(changed: () => void): () => void;
}

/** A value and the file or registry path it stands in. */
export interface PolicyValue {
  readonly value: unknown;
  readonly source: string;
  /** From 1, where the source has lines. */
  readonly line?: number;
  /** Value that it replaced at the same level: of an earlier file, or of the person's part of the registry. */
  readonly over?: PolicyValue;
  /** The place that says something else of this key of an atomic group; see MergedLevel. */
  readonly conflict?: string;
}

export interface PolicySnapshot {
  readonly mandatory: ReadonlyMap<string, PolicyValue>;
  readonly recommended: ReadonlyMap<string, PolicyValue>;
  /**
   * A mandatory place of which nobody knows what it says, now or from before: it may say anything of a key that no
   * other place names, so that each of those takes its restricted value.
   */
  readonly unread?: string;
}

export interface PolicyReading {
  readonly snapshot: PolicySnapshot;
  /** False: some of it could not be read or may not be trusted, so the last good snapshot counts. */
  readonly complete: boolean;
  readonly problems: readonly PolicyProblem[];
  /** The first mandatory place that could not be read or may not be trusted: nobody knows what it says. */
  readonly unread?: string;
}

/** Something wrong with a policy, for the policy page and the log. */
export interface PolicyProblem {
  /** `unreadable`, `untrusted` and `malformed` make a reading incomplete; the others are warnings. */
  readonly kind: (typeof policyProblemKinds)[number];
  readonly source: string;
  /** One sentence in English, for the log and for IT; names no secret. */
  readonly detail: string;
  /** From 1. */
  readonly line?: number;
  readonly key?: string;
}

export const emptySnapshot: PolicySnapshot = Object.freeze({ mandatory: new Map(), recommended: new Map() });
