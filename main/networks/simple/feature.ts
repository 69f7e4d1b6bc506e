import type { Address } from "../../../shared/model/address.ts";
import type { MessageNotice } from "../../../shared/model/notice.ts";
import type { MessagePayload } from "./messages/message-item.ts";
import type { SipRequest } from "./wire/message.ts";
import type { Reply } from "./wire/reply.ts";

/**
 * One part of SIP that this client takes part in: a method, an event package, a content type, an extension. It is made
 * in one file (`methods/`, `packages/`, `bodies/`, `extensions/rfc-NNNN-name.ts`) and listed in features.ts. What we tell others that we can
 * do is computed from that list (capabilities.ts).
 */
export interface SipFeature {
  /** Number and name, e.g. `RFC 3428: MESSAGE`. */
  readonly name: string;
  /** Methods that it answers, by their name. */
  readonly methods?: Readonly<Record<string, SipMethod>>;
  /** Event packages (RFC 6665) that it subscribes to, or notifies of. */
  readonly packages?: readonly EventPackage[];
  /** Content types that a MESSAGE may bring (`bodies/`). */
  readonly payloads?: readonly MessagePayload[];
  /** Option tags that a request may require of us (RFC 3261 section 8.2.2.3). */
  readonly optionTags?: readonly string[];
}

/** Declares a feature with its exact types. */
export function defineFeature(feature: SipFeature): SipFeature {
  return feature;
}

/** A method as its feature declares it. */
export interface SipMethod {
  /**
   * Whether Allow names it. `notifier`: only while this device itself tells of its presence, since no server does.
   * `never`: it is answered, but always refused.
   */
  readonly allowed: "always" | "notifier" | "never";
  /**
   * It is answered to everybody, also to whoever is to learn nothing of us: it carries something said, or belongs to a
   * dialog of ours. Default false.
   */
  readonly answersEverybody?: boolean;
  /** Called once for each signed-in connection. */
  attach(session: FeatureSession): MethodHandler;
}

/** A method on one connection. `from`: whose request it is, as the From says; undefined: nobody's. */
export interface MethodHandler {
  /** Answers a request that is whole, new, and requires nothing that we do not have. What it throws becomes 500. */
  answer(request: SipRequest, from: Address | undefined): Reply | Promise<Reply>;
  /** A whole request of somebody who is to learn nothing, and is told that nobody is there: the person may know of it. */
  unseen?(request: SipRequest, from: Address | undefined): void;
}

/** An event package (RFC 6665 section 5). */
export interface EventPackage {
  /** Its name in Event headers, in lower case. */
  readonly event: string;
  /** Types of the bodies that its notifications may have. */
  readonly accept: readonly string[];
  /** Answers SUBSCRIBE requests for it; absent: we only subscribe. */
  notifier?(session: FeatureSession): MethodHandler;
}

/** Header lines that say what this client can do on one connection; computed in capabilities.ts. */
export interface Announced {
  /** No server takes our presence, so that this device tells of it. */
  readonly isNotifier: boolean;
  readonly allow: string;
  readonly accept: string;
  /** The packages that we notify of (RFC 6665 section 8.2.2). */
  readonly allowEvents: string;
  /** `without`: a tag that the server has refused. */
  supported(without?: string): string;
}

/** The signed-in connection as features see it. */
export interface FeatureSession {
  /** Every event package in use, by its name. */
  readonly packages: ReadonlyMap<string, EventPackage>;
  readonly announced: Announced;
  readonly messages: {
    /** Answers a MESSAGE once what it brought is stored. */
    receive(request: SipRequest, from: Address | undefined): Promise<Reply>;
    /** Tells the person of what somebody asked for and this version cannot do. */
    invited(request: SipRequest, from: Address, notice: MessageNotice): void;
  };
  readonly contactPresence: {
    /** They gave a sign of life. */
    heard(address: Address): void;
    /** Their program asks to see us. */
    asked(address: Address): void;
  };
  readonly presenceAgent: {
    /** Answers a SUBSCRIBE to our presence. */
    answer(request: SipRequest, from: Address | undefined): Reply;
    /** A stranger who learns nothing asked to see us. */
    askedBy(request: SipRequest, from: Address | undefined): void;
  };
  /** Subscriptions of ours, by the requests that come in their dialogs. */
  readonly subscriptions: { find(request: SipRequest): { notify(request: SipRequest): Reply } | undefined };
  /**
   * Whether a request URI is our contact, as we or the registrar wrote it, or the address of record where a proxy did
   * not rewrite it.
   */
  isForUs(uri: string): boolean;
}
