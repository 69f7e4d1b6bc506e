import { defineFeature, type FeatureSession, type MethodHandler } from "../feature.ts";
import { tellInvitation } from "../messages/tell-invitation.ts";

/** Somebody asks us to turn to somebody else, or to a conference (RFC 4579); the person is told, and it is refused. */
export const refer = defineFeature({
  name: "RFC 3515: REFER",
  methods: { REFER: { allowed: "never", attach } },
});

function attach(session: FeatureSession): MethodHandler {
  return {
    answer: (request, from) => {
      tellInvitation(session, request, from);
      return { status: 405, headers: [session.announced.allow] };
    },
    unseen: (request, from) => tellInvitation(session, request, from),
  };
}
