/** The parts of untyped packages that this network uses. */
declare module "@xmpp/xml" {
  export class Element {
    constructor(name: string, attrs?: Record<string, string | undefined> | string);
    name: string;
    parent: Element | null;
    children: (Element | string)[];
    attrs: Record<string, string | undefined>;
    is(name: string, xmlns?: string): boolean;
    getName(): string;
    getNS(): string | undefined;
    findNS(prefix?: string): string | undefined;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): Element[];
    getChildText(name: string, xmlns?: string): string | null;
    getText(): string;
    append(...nodes: (Element | string)[]): void;
    toString(): string;
  }
  type Node = Element | string | undefined | false | readonly Node[];
  export default function xml(
    name: string,
    attrs?: Record<string, string | number | undefined> | string,
    ...children: Node[]
  ): Element;
  export function escapeXML(text: string): string;
}

declare module "@xmpp/time" {
  /** XEP-0082 date and time, in UTC, without fractions of a second. */
  export function datetime(date?: Date | string): string;
  /** XEP-0082 time zone definition of the local zone. */
  export function offset(date?: Date | string): string;
}

declare module "saslprep" {
  /** RFC 4013; throws where a character is prohibited. */
  export default function saslprep(text: string, options?: { allowUnassigned?: boolean }): string;
}

/** Only tests and the bench use the stock client: they show what it does. */
declare module "@xmpp/client" {
  import type { EventEmitter } from "node:events";
  import type { Element } from "@xmpp/xml";

  export interface StockClient extends EventEmitter {
    start(): Promise<unknown>;
    stop(): Promise<unknown>;
    disconnect(): Promise<unknown>;
    send(stanza: Element): Promise<void>;
    isSecure(): boolean;
    readonly reconnect: { stop(): void; start(): void; delay: number };
    readonly iqCaller: {
      request(stanza: Element, timeout?: number): Promise<Element>;
      get(child: Element, to?: string, timeout?: number): Promise<Element | undefined>;
      readonly handlers: Map<string, unknown>;
    };
    readonly iqCallee: { get(ns: string, name: string, handler: () => unknown): void };
    readonly middleware: {
      use(run: (context: { stanza: Element; from: object | null }, next: () => Promise<unknown>) => unknown): void;
    };
    readonly jid: object | null;
    readonly streamManagement: EventEmitter & { readonly enabled: boolean; id: string };
  }
  export function client(options: Record<string, unknown>): StockClient;
  export { default as xml } from "@xmpp/xml";
  export function jid(text: string): { toString(): string };
}
