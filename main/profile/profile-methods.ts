import type { ProfileNamespace } from "./profile.ts";
import type { ProfileEntry } from "./profile-store.ts";

/** The profile in the thread with the databases. */
export interface ProfileMethods {
  "profile.open": {
    readonly args: readonly [options: { readonly path: string; readonly key: Uint8Array; readonly onlyRead?: boolean }];
    readonly result: undefined;
  };
  "profile.get": {
    readonly args: readonly [namespace: ProfileNamespace, key: string];
    readonly result: string | undefined;
  };
  "profile.all": { readonly args: readonly [namespace: ProfileNamespace]; readonly result: Map<string, string> };
  "profile.put": { readonly args: readonly [entries: readonly ProfileEntry[]]; readonly result: undefined };
  "profile.close": { readonly args: readonly []; readonly result: undefined };
}
