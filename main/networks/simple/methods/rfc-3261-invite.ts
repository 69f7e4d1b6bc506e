import { defineFeature, type FeatureSession, type MethodHandler } from "../feature.ts";
import { tellInvitation } from "../messages/tell-invitation.ts";
import { tagOf } from "../wire/message.ts";

/** RFC 3261 section 20.43: who warns; which program it is says nothing. */
const warningAgent = "client.invalid";

/**
 * Calls, chat sessions and files, none of which can be taken yet: 488 lets a proxy go on to the person's other devices
 * (RFC 3261 section 21.4.26), which a 6xx would end. The person is told once.
 */
export const invite = defineFeature({
  name: "RFC 3261: INVITE",
  methods: { INVITE: { allowed: "never", attach } },
});

function attach(session: FeatureSession): MethodHandler {
  const { announced } = session;
  return {
    answer: (request, from) => {
      // One that goes on with a dialog belongs to none of ours.
      if (tagOf(request.headers, "to") !== undefined) return { status: 481 };
      if (!session.isForUs(request.uri)) return { status: 404 };
      tellInvitation(session, request, from);
      return {
        status: 488,
        headers: [`Warning: 304 ${warningAgent} "Media type not available"`, announced.accept, announced.allow],
      };
    },
    unseen: (request, from) => tellInvitation(session, request, from),
  };
}
