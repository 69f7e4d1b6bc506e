import type { Element } from "@xmpp/xml";
import type { OutgoingMessage } from "../facets/messages.ts";
import { type Awaitable, inSequence } from "./awaitable.ts";
import type {
  Commands,
  EnvelopeHandler,
  Extension,
  ExtensionFacets,
  ExtensionParts,
  MessageHandler,
  NodeHandler,
  PresenceHandler,
  RequestHandler,
} from "./extension.ts";
import type { ExtensionHost } from "./extension-host.ts";

/** Names of all parts: the compiler lets a misspelt or renamed one pass in what a function returns. */
const partNames: Readonly<Record<keyof ExtensionParts, true>> = {
  requests: true,
  envelopes: true,
  message: true,
  messageRead: true,
  nodes: true,
  presence: true,
  writeMessage: true,
  writePresence: true,
  precondition: true,
  started: true,
  discovered: true,
  contactsChanged: true,
  presenceSent: true,
  ended: true,
  dispose: true,
  commands: true,
  facets: true,
};

/**
 * The extensions of a connection, and who takes on which part of the protocol. Two that claim the same are an error
 * (a plain one: it is the program's, and shows at start).
 */
export class ExtensionRegistry {
  readonly requests = new Map<string, RequestHandler>();
  readonly envelopes = new Map<string, EnvelopeHandler>();
  readonly message = new Map<string, MessageHandler>();
  readonly nodes = new Map<string, NodeHandler>();
  readonly presence = new Map<string, PresenceHandler>();
  readonly #names = new Set<string>();
  /** By what can be taken on once, the one that has. */
  readonly #owners = new Map<string, string>();
  readonly #parts: ExtensionParts[] = [];
  #commands: Commands = {};
  #facets: ExtensionFacets = {};

  get parts(): readonly ExtensionParts[] {
    return this.#parts;
  }

  get commands(): Commands {
    return this.#commands;
  }

  get facets(): ExtensionFacets {
    return this.#facets;
  }

  /** Attaches extensions, in their order. */
  attach(extensions: readonly Extension[], host: ExtensionHost): void {
    for (const { name, features } of extensions)
      for (const feature of features) this.#claim(name, `the feature ${feature}`);
    for (const extension of extensions) this.add(extension.name, extension.attach(host));
  }

  /** Adds what is part of every session, or of an extension. */
  add(name: string, parts: ExtensionParts): void {
    if (this.#names.has(name)) throw new Error(`${name} is attached twice`);
    this.#names.add(name);
    const unknown = Object.keys(parts).find((part) => !Object.hasOwn(partNames, part));
    if (unknown !== undefined) throw new Error(`${name} has an unknown part ${unknown}`);
    const claim = (what: string): void => this.#claim(name, what);
    take(this.requests, parts.requests, (key) => claim(`the request ${key}`));
    take(this.presence, parts.presence, (xmlns) => claim(`the part of presence ${xmlns}`));
    take(this.nodes, parts.nodes, (node) => claim(`the node ${node}`));
    take(this.envelopes, parts.envelopes, (xmlns) => claim(`the envelope ${xmlns}`));
    take(this.message, parts.message, (xmlns) => claim(`the part of messages ${xmlns}`));
    // What one extension opens, another would never see.
    for (const xmlns of Object.keys(parts.envelopes ?? {})) claim(`the child of messages ${xmlns}`);
    for (const xmlns of Object.keys(parts.message ?? {})) claim(`the child of messages ${xmlns}`);
    for (const command of Object.keys(parts.commands ?? {})) claim(`the command ${command}`);
    for (const facet of Object.keys(parts.facets ?? {})) claim(`the facet ${facet}`);
    this.#commands = { ...this.#commands, ...parts.commands };
    this.#facets = { ...this.#facets, ...parts.facets };
    this.#parts.push(parts);
  }

  /** Work that has to be done before anybody is heard. */
  preconditions(): readonly NonNullable<ExtensionParts["precondition"]>[] {
    return this.#parts.flatMap(({ precondition }) => (precondition?.wanted() ? [precondition] : []));
  }

  writeMessage(stanza: Element, message: OutgoingMessage): Awaitable<void> {
    return inSequence(this.#parts, (part) => part.writeMessage?.(stanza, message));
  }

  #claim(name: string, what: string): void {
    const owner = this.#owners.get(what);
    if (owner !== undefined && owner !== name) throw new Error(`${owner} and ${name} both take on ${what}`);
    this.#owners.set(what, name);
  }
}

function take<T>(
  all: Map<string, T>,
  own: Readonly<Record<string, T>> | undefined,
  claim: (key: string) => void,
): void {
  for (const [key, handler] of Object.entries(own ?? {})) {
    claim(key);
    all.set(key, handler);
  }
}
