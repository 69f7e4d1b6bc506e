import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { cpimType } from "../../../cpim/message.ts";
import { isComposingType } from "../payloads/rfc-3994-is-composing.ts";
import { imdnType } from "../payloads/rfc-5438-imdn.ts";
import { BodyError } from "../wire/body.ts";
import { parseParameters, type SipMessage } from "../wire/message.ts";
import type { Asked } from "./envelope-content.ts";

/** Whether whoever wrote this takes message/cpim, by its Accept header; undefined: there is none. */
export function takesCpim(message: SipMessage): boolean | undefined {
  const accepts = message.headers.list("accept").map((accept) => parseParameters(accept).value.toLowerCase());
  return accepts.length === 0 ? undefined : accepts.includes(cpimType);
}

/** What is known of a message beside its content. */
export interface About {
  readonly id: string | undefined;
  /** The stamp that it came with, milliseconds since the epoch. */
  readonly at: number | undefined;
  readonly subject?: string | undefined;
  readonly asked?: Asked;
  /** What stands beside the text and cannot be shown. */
  readonly beside?: readonly MessageNotice[] | undefined;
}

/** A body of a type that cannot be shown. */
export class Unshown extends BodyError {
  readonly about: About;

  constructor(notices: readonly MessageNotice[], about: About) {
    super(415, "type that is not taken", [], notices);
    this.about = about;
  }
}

/** Types that are read as they are. */
export const readTypes: readonly string[] = ["text/plain", cpimType, imdnType, isComposingType];
