import { randomUUID } from "node:crypto";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import type { IncomingItem, UnacceptableItems } from "../../main/networks/conformance/unacceptable.ts";
import { maxBodyLength } from "../../shared/model/message.ts";
import { sendRaw } from "./xmpp-raw.ts";

const levels = (count: number): string => `${"<a xmlns='x:y'>".repeat(count)}${"</a>".repeat(count)}`;
/** Payloads that both servers pass on, and that are over a limit of ours or named like nothing should be. */
const payloads: readonly (readonly [string, string])[] = [
  [
    "an attribute of 70 kB",
    `<html xmlns='http://jabber.org/protocol/xhtml-im'><img src='data:image/png;base64,${"A".repeat(70_000)}'/></html>`,
  ],
  ["70 levels", levels(70)],
  ["300 attributes", `<a xmlns='x:y' ${Array.from({ length: 300 }, (_, index) => `b${index}=''`).join(" ")}/>`],
  ["names that objects have of their own", "<constructor xmlns='__proto__' __proto__='1' constructor='2'/>"],
  ["a name of 70 kB", `<${"n".repeat(70_000)} xmlns='x:y'/>`],
];

/** Items that a stranger may send over XMPP and that nobody can take whole. */
export function xmppUnacceptable(get: () => Harness): UnacceptableItems {
  const sending = (content: string, type = "chat"): IncomingItem["send"] => {
    return async (to) =>
      void (await sendRaw(get(), () => `<message to='${to}' type='${type}' id='${randomUUID()}'>${content}</message>`));
  };
  return {
    incoming: [
      ...payloads.map(([what, payload]) => ({
        what,
        text: `with ${what}`,
        send: sending(`<body>with ${what}</body>${payload}`),
      })),
      // Servers write each as a reference, which makes a megabyte of them.
      {
        what: "200,000 apostrophes",
        text: `${"'".repeat(maxBodyLength - 1)}…`,
        send: sending(`<body>${"'".repeat(200_000)}</body>`),
      },
      { what: "70 levels and no text", send: sending(levels(70), "headline") },
    ],
    outgoing: [],
  };
}
