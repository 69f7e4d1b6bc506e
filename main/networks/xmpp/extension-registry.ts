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
    this.#take(name, "the request", parts.requests, this.requests);
    this.#take(name, "the part of presence", parts.presence, this.presence);
    this.#take(name, "the node", parts.nodes, this.nodes);
    this.#take(name, "the envelope", parts.envelopes, this.envelopes);
    this.#take(name, "the part of messages", parts.message, this.message);
    // What one extension opens, another would never see.
    for (const xmlns of Object.keys(parts.envelopes ?? {})) this.#claim(name, `the child of messages ${xmlns}`);
    for (const xmlns of Object.keys(parts.message ?? {})) this.#claim(name, `the child of messages ${xmlns}`);
    for (const command of Object.keys(parts.commands ?? {})) this.#claim(name, `the command ${command}`);
    for (const facet of Object.keys(parts.facets ?? {})) this.#claim(name, `the facet ${facet}`);
    this.#commands = { ...this.#commands, ...parts.commands };
    this.#facets = { ...this.#facets, ...parts.facets };
    this.#parts.push(parts);
  }

  /** Work that has to be done before anybody is heard. */
  gates(): readonly NonNullable<ExtensionParts["gate"]>[] {
    return this.#parts.flatMap(({ gate }) => (gate?.wanted() ? [gate] : []));
  }

  writeMessage(stanza: Element, message: OutgoingMessage): Awaitable<void> {
    return inSequence(this.#parts, (part) => part.writeMessage?.(stanza, message));
  }

  #take<T>(name: string, what: string, own: Readonly<Record<string, T>> | undefined, all: Map<string, T>): void {
    for (const [key, handler] of Object.entries(own ?? {})) {
      this.#claim(name, `${what} ${key}`);
      all.set(key, handler);
    }
  }

  #claim(name: string, what: string): void {
    const owner = this.#owners.get(what);
    if (owner !== undefined && owner !== name) throw new Error(`${owner} and ${name} both take on ${what}`);
    this.#owners.set(what, name);
  }
}
