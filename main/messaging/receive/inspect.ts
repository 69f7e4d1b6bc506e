import { setImmediate } from "node:timers/promises";
import type { Address } from "../../../shared/model/address.ts";
import type { MessageNotice } from "../../../shared/model/notice.ts";
import type { ContentGuard, ReceivedText } from "../../guard/pipeline.ts";
import type { Connections } from "../../networks/connections.ts";
import type { Log } from "../../networks/log.ts";
import type { Received, ReceivedEvent, ReceivedMessage, ReceiveStage } from "../delivery.ts";

/** Looking through messages may take this long at a time, in milliseconds. */
const longestTurn = 15;

/**
 * Leaves of texts only what the content rules let pass. Looking through many takes a while, in which others have their
 * turn. An item at which that fails is left out, and costs none of those that came with it.
 */
export function inspect({
  guard,
  connections,
  log,
}: {
  readonly guard: Pick<ContentGuard, "received">;
  readonly connections: Pick<Connections, "address">;
  readonly log: Log;
}): ReceiveStage {
  /**
   * Notice after the rules. Its text is said as well: where rules would have any of it left out, only its kind is left.
   */
  function inspectedNotice(about: Omit<ReceivedText, "body">, notice: MessageNotice): MessageNotice {
    const said = [notice.what, notice.who].filter((text) => text !== undefined).join("\n");
    return said === "" || guard.received({ ...about, body: said }) === said ? notice : { kind: notice.kind };
  }

  function inspectedMessage(
    own: Address | undefined,
    message: ReceivedMessage,
    found: (report: () => void) => void,
  ): ReceivedMessage {
    const { peer, direction, notice } = message;
    const about = { own, peer, direction };
    const body = guard.received({ ...about, body: message.body }, found);
    return { ...message, body, ...(notice === undefined ? {} : { notice: inspectedNotice(about, notice) }) };
  }

  function inspected(own: Address | undefined, item: Received): Received {
    const reports: (() => void)[] = [];
    const found = (report: () => void): void => void reports.push(report);
    let { event }: { event: ReceivedEvent } = item;
    if (event.type === "message") event = { ...event, message: inspectedMessage(own, event.message, found) };
    else if (event.type === "change" && event.change.kind === "correction") {
      const { peer, direction } = event.change;
      const body = guard.received({ own, peer, direction, body: event.change.body }, found);
      event = { ...event, change: { ...event.change, body } };
    }
    const [report] = reports;
    return report ? { ...item, event, report } : { ...item, event };
  }

  return async (delivery, next) => {
    const own = connections.address(delivery.accountId);
    const items: Received[] = [];
    let since = performance.now();
    for (const item of delivery.items) {
      try {
        items.push(inspected(own, item));
      } catch (error) {
        log.warn("An event could not be inspected", { account: delivery.accountId, type: item.event.type, error });
      }
      if (performance.now() - since < longestTurn) continue;
      await setImmediate();
      since = performance.now();
    }
    return next({ ...delivery, items });
  };
}
