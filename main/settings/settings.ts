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
  /** May be handed on alone. */
  readonly get: <K extends keyof D & string>(key: K) => v.InferOutput<D[K]["schema"]>;
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
  return new ResolvedSettings(options);
}

type KeyOf<D extends Declarations> = keyof D & string;

interface SettingListener<Key> {
  /** Undefined: all. */
  readonly keys: ReadonlySet<Key> | undefined;
  readonly tell: (changed: readonly Key[]) => void;
}

class ResolvedSettings<D extends Declarations> implements Settings<D> {
  readonly #declarations: D;
  readonly #policies: SettingsOptions<D>["policies"];
  readonly #keys: readonly KeyOf<D>[];
  readonly #listeners = new Set<SettingListener<KeyOf<D>>>();
  readonly #stopListening: () => void;
  readonly #user = new Map<string, unknown>();
  #store: UserSettings | undefined;
  #resolved: ReadonlyMap<string, Resolved>;
  #saving: Promise<unknown> = Promise.resolve();

  constructor({ declarations, policies }: SettingsOptions<D>) {
    this.#declarations = declarations;
    this.#policies = policies;
    this.#keys = Object.keys(declarations) as KeyOf<D>[];
    this.#resolved = this.#resolve(this.#user);
    this.#stopListening = policies.onChange(() => this.#again());
  }

  // What resolveAll answers has passed the key's own schema, or is its declared default or restricted value.
  readonly get = <K extends KeyOf<D>>(key: K): v.InferOutput<D[K]["schema"]> =>
    this.#of(key).value as v.InferOutput<D[K]["schema"]>;

  async set(key: KeyOf<D>, value: unknown): Promise<void> {
    const found = this.#of(key);
    const declaration = this.#declarations[key];
    // What the person could choose otherwise is locked by policy only.
    if (found.locked && (found.origin === "policy" || declaration?.user))
      throw new HallwayError("locked-by-policy", { setting: key });
    if (!declaration || found.locked || !declaration.user) throw new HallwayError("not-allowed", { setting: key });
    const parsed = value === null ? undefined : v.safeParse(declaration.schema, value);
    if (parsed && !parsed.success) throw new HallwayError("invalid-argument", { setting: key });
    const choice = parsed ? parsed.output : null;
    if (this.#overrules(key, choice)) throw new HallwayError("locked-by-policy", { setting: key });
    const done = this.#saving.then(() => this.#save(key, choice));
    this.#saving = done.catch(() => undefined);
    await done;
  }

  async useStore(store: UserSettings): Promise<void> {
    const kept = await store.load();
    this.#store = store;
    this.#user.clear();
    for (const [key, json] of kept) {
      try {
        this.#user.set(key, JSON.parse(json));
      } catch {
        // A choice that cannot be read counts as none.
      }
    }
    this.#again();
  }

  onChange(keys: readonly KeyOf<D>[] | undefined, tell: (changed: readonly KeyOf<D>[]) => void): () => void {
    const listener = { keys: keys && new Set(keys), tell };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  resolved(): ReadonlyMap<string, Resolved> {
    return this.#resolved;
  }

  report(): readonly SettingReport[] {
    return reportOf(this.#declarations, this.#policies.snapshot, this.#user);
  }

  records(keys: readonly KeyOf<D>[] = this.#keys): SettingRecord[] {
    return keys.map((key) => ({ ...this.#record(key), value: maskSecrets(this.#of(key).value) }));
  }

  close(): void {
    this.#stopListening();
    this.#listeners.clear();
  }

  #of(key: string): Resolved {
    const found = this.#resolved.get(key);
    if (!found) throw new HallwayError("invalid-argument", { setting: key });
    return found;
  }

  #record(key: KeyOf<D>): SettingRecord {
    const { value, origin, locked, source, error } = this.#of(key);
    const organization = this.#resolved.get(organizationKey);
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

  /** Policy over the person's choices over defaults. */
  #resolve(user: ReadonlyMap<string, unknown>): ReadonlyMap<string, Resolved> {
    return resolveAll(this.#declarations, this.#policies.snapshot, user);
  }

  #again(): void {
    const before = new Map(this.#keys.map((key) => [key, JSON.stringify(this.#record(key))]));
    this.#resolved = this.#resolve(this.#user);
    const changed = this.#keys.filter((key) => JSON.stringify(this.#record(key)) !== before.get(key));
    if (changed.length === 0) return;
    for (const listener of [...this.#listeners]) {
      const theirs = changed.filter((key) => listener.keys?.has(key) ?? true);
      if (theirs.length > 0) listener.tell(theirs);
    }
  }

  /**
   * True when policy would put its own value over this choice. Taking a choice back that policy may only tighten asks
   * for no value.
   */
  #overrules(key: KeyOf<D>, value: unknown): boolean {
    if (value === null && this.#declarations[key]?.tighten) return false;
    const chosen = new Map(this.#user);
    if (value === null) chosen.delete(key);
    else chosen.set(key, value);
    return this.#resolve(chosen).get(key)?.origin === "policy";
  }

  async #save(key: KeyOf<D>, value: unknown): Promise<void> {
    if (!this.#store) throw new HallwayError("vault-locked");
    // Asked again now: the policy may have come while others were saved.
    if (this.#overrules(key, value)) throw new HallwayError("locked-by-policy", { setting: key });
    await this.#store.save(key, value === null ? undefined : JSON.stringify(value));
    if (value === null) this.#user.delete(key);
    else this.#user.set(key, value);
    this.#again();
  }
}
