import { randomUUID } from "node:crypto";
import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { nsStreams, saslError, stanzaCondition, stanzaErrorCode } from "../errors.ts";
import { type Jid, parseJid } from "../jid.ts";
import { type Choice, type ChoiceOptions, chooseMechanism, nsSasl } from "../sasl/choose.ts";
import { childOf } from "../xml/element.ts";
import { nsSm, StreamManagement } from "./stream-management.ts";
import { StreamReader } from "./stream-reader.ts";
import type { Transport } from "./transport.ts";

const nsBind = "urn:ietf:params:xml:ns:xmpp-bind";
const nsSession = "urn:ietf:params:xml:ns:xmpp-session";

/** A session that may still live at the server. */
export interface PreviousSession {
  readonly management: StreamManagement;
  readonly jid: Jid;
  /** The server is about to be asked to go on with it. */
  asked(): void;
}

export interface NegotiationOptions extends ChoiceOptions {
  /** Bare JID of the account, canonical. */
  readonly bare: string;
  /** The domain as the stream header names it. */
  readonly domain: string;
  readonly resource: string;
  readonly previous: PreviousSession | undefined;
}

/**
 * Channel binding was refused where it was not certain that the server can: to be tried once more without, on a new
 * connection.
 */
export class BindingRefused extends HallwayError {}

export interface Negotiated {
  readonly jid: Jid;
  /** True: `previous` goes on; its counter has been acknowledged up to `h`. */
  readonly resumed: boolean;
  /** How far the server says it got with the previous session, also when that is gone (XEP-0198 section 5). */
  readonly previousH: string | undefined;
  readonly management: StreamManagement | undefined;
  readonly features: Element;
  /** Features before signing in. */
  readonly offered: Element;
  /** Name of the SASL mechanism used. */
  readonly mechanism: string;
  /** Stanzas that came before XEP-0198 began to count. */
  readonly early: readonly Element[];
  /** Elements that the server sent right behind; to be handled next. */
  readonly waiting: readonly Element[];
}

/**
 * From a fresh transport to a session:
 *
 *   stream -> SASL -> stream -> resume -> (resumed)
 *                            \-> bind -> session, if asked -> enable -> (enabled)
 *
 * Source: RFC 6120 sections 4.3, 6 and 7, XEP-0198 sections 3 and 5. Errors: those of signing in, `protocol-error`.
 */
export async function negotiate(transport: Transport, options: NegotiationOptions): Promise<Negotiated> {
  const reader = new StreamReader(transport);
  const offered = await reader.open(options.domain);
  const choice = chooseMechanism(offered, transport, options);
  await authenticate(transport, reader, choice);
  const features = await reader.open(options.domain);
  const manageable = childOf(features, "sm", nsSm) !== undefined;
  const common = { features, offered, mechanism: choice.mechanism.name };

  let previousH: string | undefined;
  const { previous } = options;
  if (previous?.management.resumeId !== undefined && manageable) {
    previous.asked();
    transport.send(
      xml("resume", { xmlns: nsSm, previd: previous.management.resumeId, h: previous.management.inbound }).toString(),
    );
    const answer = await reader.next();
    previousH = answer.attrs["h"];
    if (answer.is("resumed", nsSm)) {
      if (answer.attrs["previd"] !== previous.management.resumeId) throw new HallwayError("protocol-error");
      return {
        ...common,
        jid: previous.jid,
        resumed: true,
        previousH,
        management: previous.management,
        early: [],
        waiting: reader.rest(),
      };
    }
    if (!answer.is("failed", nsSm)) throw new HallwayError("protocol-error");
  }

  const jid = await bind(transport, reader, options);
  const session = childOf(features, "session", nsSession);
  if (session && !childOf(session, "optional")) await request(transport, reader, xml("session", nsSession));
  let management: StreamManagement | undefined;
  if (manageable) {
    transport.send(xml("enable", { xmlns: nsSm, resume: "true" }).toString());
    const answer = await reader.answer();
    if (answer.is("enabled", nsSm)) management = new StreamManagement(answer);
    else if (!answer.is("failed", nsSm)) throw new HallwayError("protocol-error");
  }
  return { ...common, jid, resumed: false, previousH, management, early: reader.early(), waiting: reader.rest() };
}

async function authenticate(transport: Transport, reader: StreamReader, choice: Choice): Promise<void> {
  const { mechanism } = choice;
  const encode = (text: string) => (text === "" ? "=" : Buffer.from(text).toString("base64"));
  transport.send(xml("auth", { xmlns: nsSasl, mechanism: mechanism.name }, encode(mechanism.initial())).toString());
  // SCRAM has one challenge, or two; no mechanism of ours has more.
  for (let round = 0; round < 3; round += 1) {
    const answer = await reader.next();
    if (answer.is("failure", nsSasl)) throw explained(saslError(answer), choice);
    if (answer.is("success", nsSasl)) {
      mechanism.succeed(decode(answer));
      return;
    }
    if (!answer.is("challenge", nsSasl)) break;
    const response = await mechanism.respond(decode(answer));
    transport.send(
      response === "" ? xml("response", nsSasl).toString() : xml("response", nsSasl, encode(response)).toString(),
    );
  }
  throw new HallwayError("protocol-error");
}

/** A server that cannot bind to a channel may call that a wrong password or a malformed request. */
function explained(error: HallwayError, { doubtful, retry, weaker }: Choice): HallwayError {
  const unclear =
    error.code === "wrong-password" || error.code === "protocol-error" || error.code === "no-common-authentication";
  if (!doubtful || !(unclear || error.code === "sign-in-refused")) return error;
  if (retry) return new BindingRefused("sign-in-refused", undefined, error);
  return weaker ?? new HallwayError("sign-in-refused", undefined, error);
}

function decode(element: Element): string {
  const text = element.getText().trim();
  return text === "=" ? "" : Buffer.from(text, "base64").toString();
}

/** RFC 6120 section 7.6. */
async function bind(transport: Transport, reader: StreamReader, { bare, resource }: NegotiationOptions): Promise<Jid> {
  let result: Element;
  try {
    result = await request(transport, reader, xml("bind", nsBind, xml("resource", {}, resource)));
  } catch (error) {
    // Our own other session has the resource and the server protects it: let the server choose one.
    if (!(error instanceof HallwayError) || error.code !== "already-exists") throw error;
    result = await request(transport, reader, xml("bind", nsBind));
  }
  const jid = parseJid(childOf(result, "bind", nsBind)?.getChildText("jid") ?? undefined);
  if (!jid || jid.resource === "" || jid.bare !== bare) throw new HallwayError("protocol-error");
  return jid;
}

async function request(transport: Transport, reader: StreamReader, payload: Element): Promise<Element> {
  const id = randomUUID();
  transport.send(xml("iq", { type: "set", id }, payload).toString());
  const answer = await reader.answer((stanza) => stanza.name === "iq" && stanza.attrs["id"] === id);
  if (answer.name !== "iq") throw new HallwayError("protocol-error");
  if (answer.attrs["type"] === "result") return answer;
  const condition = stanzaCondition(answer);
  throw new HallwayError(
    condition === "resource-constraint"
      ? "rate-limited"
      : condition === "not-allowed"
        ? "account-disabled"
        : stanzaErrorCode(answer),
  );
}

/** Stream features that matter after sign-in. */
export function hasStreamFeature(features: Element, name: string, xmlns: string): boolean {
  return features.is("features", nsStreams) && childOf(features, name, xmlns) !== undefined;
}
