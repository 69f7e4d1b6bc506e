import { cpimType } from "../../../cpim/message.ts";
import { parseParameters, type SipMessage } from "../wire/message.ts";

/** Whether whoever wrote this takes message/cpim, by its Accept header; undefined: there is none. */
export function takesCpim(message: SipMessage): boolean | undefined {
  const accepts = message.headers.list("accept").map((accept) => parseParameters(accept).value.toLowerCase());
  return accepts.length === 0 ? undefined : accepts.includes(cpimType);
}
