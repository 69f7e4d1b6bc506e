import { vi } from "vitest";
import { DialogTable } from "../dialogs/dialog-table.ts";
import type { SubscriptionState } from "../dialogs/refusal-meaning.ts";
import { EventSubscription } from "../dialogs/subscription.ts";
import type { RequestOptions } from "../outgoing-request.ts";
import { presencePackage } from "../packages/rfc-3856-presence.ts";
import { LocalContact } from "../registration/local-contact.ts";
import type { UserAgent } from "../user-agent.ts";
import { parseMessage, type SipRequest, type SipResponse } from "../wire/message.ts";
import type { Reply } from "../wire/reply.ts";
import { announced } from "./announced.ts";

/** A subscription to Bob's presence whose server is a function and whose time is vitest's. */
export interface TimedSubscription {
  readonly subscription: EventSubscription;
  readonly states: readonly SubscriptionState[];
  /** SUBSCRIBEs so far. */
  readonly sent: readonly RequestOptions[];
  /** Notifies in the dialog of the last SUBSCRIBE. */
  notify(state: string, headers?: readonly string[]): Reply;
}

/** Answer of the server to a SUBSCRIBE; undefined: none. */
export type Answer = (
  options: RequestOptions,
  times: number,
) => { readonly status: number; readonly headers?: readonly string[] } | undefined;

const message = (lines: readonly string[], body = ""): SipRequest | SipResponse =>
  parseMessage(Buffer.from([...lines, "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx"].join("\r\n")), Buffer.from(body));

export function startTimedSubscription(answer: Answer): TimedSubscription {
  const sent: RequestOptions[] = [];
  const states: SubscriptionState[] = [];
  let cseq = 0;
  const dialogOf = (options: RequestOptions | undefined): readonly string[] => [
    `Call-ID: ${options?.dialog?.callId ?? ""}`,
  ];
  const agent: Pick<UserAgent, "request"> = {
    async request(options) {
      sent.push(options);
      options.dialog?.nextCseq();
      const given = answer(options, sent.length - 1);
      if (!given) return new Promise(() => undefined);
      const own = `From: <sip:alice@example.test>;tag=${options.dialog?.fromTag ?? ""}`;
      const lines = [
        `SIP/2.0 ${given.status} X`,
        own,
        "To: <sip:bob@example.test>;tag=server",
        ...dialogOf(options),
        "CSeq: 1 SUBSCRIBE",
      ];
      return message([...lines, ...(given.headers ?? [])]) as SipResponse;
    },
  };
  const subscription = new EventSubscription({
    agent: agent as UserAgent,
    target: "sip:bob@example.test",
    eventPackage: presencePackage,
    contact: new LocalContact({ local: { address: "127.0.0.1", port: 5060 }, protocol: "TCP" }),
    announced,
    subscriptions: new DialogTable(),
    onState: (state) => states.push(state),
    onNotify: vi.fn(),
  });
  subscription.start();
  return {
    subscription,
    states,
    sent,
    notify(state, headers = []) {
      cseq += 1;
      const last = sent.at(-1);
      const ends = [
        "From: <sip:bob@example.test>;tag=server",
        `To: <sip:alice@example.test>;tag=${last?.dialog?.fromTag ?? ""}`,
      ];
      const lines = [
        "NOTIFY sip:alice@127.0.0.1 SIP/2.0",
        ...ends,
        ...dialogOf(last),
        `CSeq: ${cseq} NOTIFY`,
        "Event: presence",
        `Subscription-State: ${state}`,
      ];
      return subscription.notify(message([...lines, ...headers]) as SipRequest);
    },
  };
}
