import type { Announced, EventPackage, SipFeature, SipMethod } from "./feature.ts";
import type { MessagePayload } from "./messages/message-item.ts";

/**
 * Capabilities of this client, as the headers say them: Allow, Accept, Allow-Events and Supported (RFC 3261 section 20) are
 * computed from the list of features and from nothing else. Two features that claim the same are an error at once.
 */
export class Capabilities {
  readonly methods: ReadonlyMap<string, SipMethod>;
  readonly packages: ReadonlyMap<string, EventPackage>;
  /** Content types that a MESSAGE may bring. */
  readonly payloads: ReadonlyMap<string, MessagePayload>;
  /** Accept header line; other programs learn from it that they may send envelopes. */
  readonly accept: string;
  /** Option tags that a request may require of us. */
  readonly supported: readonly string[];

  constructor(features: readonly SipFeature[]) {
    this.methods = unique(features, "method", ({ methods = {} }) => Object.entries(methods));
    this.packages = unique(features, "event package", ({ packages = [] }) => packages.map((one) => [one.event, one]));
    this.payloads = unique(features, "content type", ({ payloads = [] }) => payloads.map((one) => [one.type, one]));
    this.accept = `Accept: ${[...this.payloads.keys()].join(", ")}`;
    const tags = unique(features, "option tag", ({ optionTags = [] }) => optionTags.map((tag) => [tag, tag]));
    this.supported = [...tags.keys()];
  }
}

/** Capabilities that one connection announces. */
export class Announcement implements Announced {
  readonly #capabilities: Capabilities;
  readonly #publication: { readonly accepted: boolean };

  /** `publication`: whether a server has taken our presence. */
  constructor(capabilities: Capabilities, publication: { readonly accepted: boolean }) {
    this.#capabilities = capabilities;
    this.#publication = publication;
  }

  get isNotifier(): boolean {
    return !this.#publication.accepted;
  }

  get allow(): string {
    const names = [...this.#capabilities.methods]
      .filter(([, { allowed }]) => allowed === "always" || (allowed === "notifier" && this.isNotifier))
      .map(([name]) => name);
    return `Allow: ${names.join(", ")}`;
  }

  get accept(): string {
    return this.#capabilities.accept;
  }

  get allowEvents(): string {
    const notified = [...this.#capabilities.packages.values()].filter(({ notifier }) => notifier !== undefined);
    return `Allow-Events: ${notified.map(({ event }) => event).join(", ")}`;
  }

  supported(without?: string): string {
    return `Supported: ${this.#capabilities.supported.filter((tag) => tag !== without).join(", ")}`;
  }
}

/** All claims of one kind, by what is claimed. */
function unique<T>(
  features: readonly SipFeature[],
  kind: string,
  claims: (feature: SipFeature) => Iterable<readonly [string, T]>,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  const owners = new Map<string, string>();
  for (const feature of features)
    for (const [key, value] of claims(feature)) {
      const owner = owners.get(key);
      if (owner !== undefined) throw new Error(`${kind} ${key} is claimed by ${owner} and by ${feature.name}`);
      owners.set(key, feature.name);
      found.set(key, value);
    }
  return found;
}
