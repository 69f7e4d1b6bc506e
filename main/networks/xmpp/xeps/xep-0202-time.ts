import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { subscribers } from "../senders.ts";

const nsTime = "urn:xmpp:time";

/** Entity Time: our local time, for contacts. */
export const entityTime = defineExtension({
  name: "XEP-0202: Entity Time",
  features: [nsTime],
  attach: ({ environment }) => ({
    requests: {
      [`get ${nsTime}`]: {
        from: subscribers,
        answer: () => {
          const now = new Date(environment.now());
          return xml(
            "time",
            nsTime,
            xml("tzo", {}, zoneOffset(-now.getTimezoneOffset())),
            xml("utc", {}, now.toISOString().replace(/\.\d+Z$/, "Z")),
          );
        },
      },
    },
  }),
});

/** Minutes east of UTC as XEP-0082 writes them. */
export function zoneOffset(minutes: number): string {
  const two = (n: number) => String(Math.trunc(n)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
