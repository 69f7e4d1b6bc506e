import type { Messaging } from "../../messaging/messaging.ts";
import type { Handlers } from "../dispatch.ts";

type MessageHandlers = Pick<Handlers, "messages.send" | "messages.retry" | "messages.correct" | "messages.retract">;

export interface MessageServices {
  readonly messaging: Messaging;
}

/** Requests about what the person says. */
export function messageHandlers(services: () => MessageServices): MessageHandlers {
  return {
    "messages.send": ({ messageId: id, ...said }) => services().messaging.sending.say({ kind: "text", id, ...said }),
    async "messages.retry"({ messageId }) {
      await services().messaging.sending.retry(messageId);
      return {};
    },
    "messages.correct": ({ correctionId: id, messageId: targetId, ...said }) =>
      services().messaging.sending.say({ kind: "correction", id, targetId, ...said }),
    "messages.retract": ({ conversationId, messageId }) =>
      services().messaging.sending.retract(conversationId, messageId),
  };
}
