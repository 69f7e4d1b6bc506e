import { HallwayError } from "../../../shared/errors.ts";
import type { Connections } from "../../networks/connections.ts";
import type { SendStage } from "../outgoing.ts";

export interface WireParts {
  readonly connections: Pick<Connections, "get">;
  /** Text that programs without support for retractions show in place of one. */
  readonly retractionText: () => string;
  readonly now: () => number;
}

/** Hands an item to the network. Errors: `offline`, `unsupported`, and those of the connection. */
export function wire({ connections, retractionText, now }: WireParts): SendStage {
  return async (item, next) => {
    const { accountId, address: to } = item.place;
    const connection = connections.get(accountId);
    if (!connection) throw new HallwayError("offline");
    const { messages } = connection;
    switch (item.kind) {
      case "receipt":
        messages.sendReceipt?.({ to, messageId: item.messageId, kind: item.state });
        break;
      case "typing":
        messages.sendTyping?.(to, item.active);
        break;
      default: {
        const { id, body } = item;
        // Nobody is told of a time to come, which is what a clock that was set back makes of it.
        const at = Math.min(item.at, now());
        if (item.kind === "text") await messages.send({ id, to, body, at, wantReceipts: true });
        else if (item.kind === "correction") {
          if (!messages.correct) throw new HallwayError("unsupported");
          await messages.correct({ id, to, targetId: item.targetId, body, at });
        } else {
          if (!messages.retract) throw new HallwayError("unsupported");
          await messages.retract({ id, to, targetId: item.targetId, at, fallback: retractionText() });
        }
      }
    }
    return next(item);
  };
}
