import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import type { settings as declared, SettingRecord } from "../../shared/settings/declaration.ts";
import { maskSecrets } from "./mask.ts";
import { reportOf, type SettingReport } from "./report.ts";
import { type Declarations, type Resolved, resolveAll } from "./resolve.ts";
import type { PolicySnapshot } from "./sources/source.ts";

/** Where the person's own choices are kept, as JSON text by key. */
export interface UserSettings {
  load(): Promise<ReadonlyMap<string, string>>;
  /** Undefined takes it back. Resolves when it is on disk. */
  save(key: string, json: string | undefined): Promise<void>;
}

/** The effective settings, live. A feature reads a setting and never asks whether there is a policy. */
export interface Settings<D extends Declarations> {
  get<K extends keyof D & string>(key: K): v.InferOutput<D[K]["schema"]>;
  /**
   * The person chooses; `null` takes the choice back. Errors: `invalid-argument`, `locked-by-policy`, `not-allowed`
   * (nobody may choose this one), `vault-locked` (nothing can be kept yet), `storage-full`, `storage-failed`.
   */
  set(key: keyof D & string, value: unknown): Promise<void>;
  /** The profile is open: takes up the person's choices. */
  useStore(store: UserSettings): Promise<void>;
  /** Told which of `keys` (all, when none is given) have another value, origin, lock or error. Returns a disposer. */
  onChange(
    keys: readonly (keyof D & string)[] | undefined,
    listener: (changed: readonly (keyof D & string)[]) => void,
  ): () => void;
  /** Values in force, with nothing masked. */
  resolved(): ReadonlyMap<string, Resolved>;
  /** Every setting in force and everything that was said of it, for whoever wants to know why. */
  report(): readonly SettingReport[];
  /** Records that the renderer draws, of all settings or of some. Secrets are masked. */
  records(keys?: readonly (keyof D & string)[]): SettingRecord[];
  close(): void;
}

/** Those that the program has. */
export type AppSettings = Settings<typeof declared>;

export interface SettingsOptions<D extends Declarations> {
  readonly declarations: D;
  /** The policy in force (see policies.ts). */
  readonly policies: { readonly snapshot: PolicySnapshot; onChange(listener: () => void): () => void };
}

const organizationKey = "OrganizationName";

export function createSettings<const D extends Declarations>(options: SettingsOptions<D>): Settings<D> {
  const { declarations, policies } = options;
  type Key = keyof D & string;
  const keys = Object.keys(declarations) as Key[];
  const listeners = new Set<{
    readonly keys: ReadonlySet<Key> | undefined;
    readonly tell: (changed: readonly Key[]) => void;
  }>();
  const user = new Map<string, unknown>();
  let store: UserSettings | undefined;
  let resolved = resolveAll(declarations, policies.snapshot, user);
  let saving: Promise<unknown> = Promise.resolve();

  function of(key: Key): Resolved {
    const found = resolved.get(key);
    if (!found) throw new HallwayError("invalid-argument", { setting: key });
    return found;
  }

  function record(key: Key): SettingRecord {
    const { value, origin, locked, source, error } = of(key);
    const organization = resolved.get(organizationKey);
    const managedBy =
      origin === "policy" && organization?.origin === "policy" && typeof organization.value === "string"
        ? organization.value
        : "";
    return {
      id: key,
      value,
      origin,
      locked,
      ...(managedBy === "" ? {} : { managedBy }),
      ...(source === undefined ? {} : { source }),
      ...(error ? { error } : {}),
    };
  }

  function again(): void {
    const before = new Map(keys.map((key) => [key, JSON.stringify(record(key))]));
    resolved = resolveAll(declarations, policies.snapshot, user);
    const changed = keys.filter((key) => JSON.stringify(record(key)) !== before.get(key));
    if (changed.length === 0) return;
    for (const listener of [...listeners]) {
      const theirs = changed.filter((key) => listener.keys?.has(key) ?? true);
      if (theirs.length > 0) listener.tell(theirs);
    }
  }

  /**
   * Would the policy put its own value over this choice? Taking a choice back that policy may only tighten asks for no
   * value.
   */
  function overruled(key: Key, value: unknown): boolean {
    if (value === null && declarations[key]?.tighten) return false;
    const chosen = new Map(user);
    if (value === null) chosen.delete(key);
    else chosen.set(key, value);
    return resolveAll(declarations, policies.snapshot, chosen).get(key)?.origin === "policy";
  }

  async function save(key: Key, value: unknown): Promise<void> {
    if (!store) throw new HallwayError("vault-locked");
    // Asked again now: the policy may have come while others were saved.
    if (overruled(key, value)) throw new HallwayError("locked-by-policy", { setting: key });
    await store.save(key, value === null ? undefined : JSON.stringify(value));
    if (value === null) user.delete(key);
    else user.set(key, value);
    again();
  }

  const stopListening = policies.onChange(again);

  return {
    get(key) {
      // What resolveAll answers has passed the key's own schema, or is its declared default or restricted value.
      return of(key).value as v.InferOutput<D[typeof key]["schema"]>;
    },
    async set(key, value) {
      const found = of(key);
      const declaration = declarations[key];
      // What the person could choose otherwise is locked by policy only.
      if (found.locked && (found.origin === "policy" || declaration?.user))
        throw new HallwayError("locked-by-policy", { setting: key });
      if (!declaration || found.locked || !declaration.user) throw new HallwayError("not-allowed", { setting: key });
      const parsed = value === null ? undefined : v.safeParse(declaration.schema, value);
      if (parsed && !parsed.success) throw new HallwayError("invalid-argument", { setting: key });
      if (overruled(key, parsed ? parsed.output : null)) throw new HallwayError("locked-by-policy", { setting: key });
      const done = saving.then(() => save(key, parsed ? parsed.output : null));
      saving = done.catch(() => undefined);
      await done;
    },
    async useStore(next) {
      const kept = await next.load();
      store = next;
      user.clear();
      for (const [key, json] of kept) {
        try {
          user.set(key, JSON.parse(json));
        } catch {
          // A choice that cannot be read counts as none.
        }
      }
      again();
    },
    onChange(wanted, tell) {
      const listener = { keys: wanted && new Set(wanted), tell };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resolved: () => resolved,
    report: () => reportOf(declarations, policies.snapshot, user),
    records: (wanted) => (wanted ?? keys).map((key) => ({ ...record(key), value: maskSecrets(of(key).value) })),
    close() {
      stopListening();
      listeners.clear();
    },
  };
}
