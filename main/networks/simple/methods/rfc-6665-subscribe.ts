import { defineFeature, type FeatureSession, type MethodHandler } from "../feature.ts";
import { parseParameters, type SipRequest, tagOf } from "../wire/message.ts";

/**
 * Subscriptions of others to what we notify of, by event package; only where no server takes our presence, so that we
 * are asked for it. Source: RFC 6665 section 4.2.
 */
export const subscribe = defineFeature({
  name: "RFC 6665: SUBSCRIBE",
  methods: { SUBSCRIBE: { allowed: "notifier", attach } },
});

function attach(session: FeatureSession): MethodHandler {
  const { packages, announced, isForUs, contactPresence } = session;
  const notifiers = new Map<string, MethodHandler>();
  for (const { event, notifier } of packages.values()) if (notifier) notifiers.set(event, notifier(session));
  const notifierOf = (request: SipRequest): MethodHandler | undefined =>
    notifiers.get(parseParameters(request.headers.get("event") ?? "").value.toLowerCase());
  return {
    answer: (request, from) => {
      if (!announced.isNotifier) return { status: 405, headers: [announced.allow] };
      if (tagOf(request.headers, "to") === undefined && !isForUs(request.uri)) return { status: 404 };
      // Their program knows of presence, whatever it has answered before.
      if (from !== undefined) contactPresence.asked(from);
      return notifierOf(request)?.answer(request, from) ?? { status: 489, headers: [announced.allowEvents] };
    },
    unseen: (request, from) => {
      if (announced.isNotifier && isForUs(request.uri)) notifierOf(request)?.unseen?.(request, from);
    },
  };
}
