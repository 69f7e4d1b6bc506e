import type { MessageRecord } from "./message.ts";

/**
 * How long a message may be corrected or taken back after it was said, in milliseconds. XEP-0308 section 4 is about the
 * last message; what was said long ago has been read, answered and recorded, and nobody may rewrite that from afar.
 */
export const changeableFor = 2 * 24 * 3600 * 1000;

/**
 * Whether the person may still correct this message or take it back. What was not sent has nobody to tell; a notice
 * says nothing that could be put right here.
 */
export function isChangeable(record: MessageRecord, now: number): boolean {
  return (
    record.direction === "out" &&
    record.retracted !== true &&
    record.notice === undefined &&
    record.state !== "failed" &&
    record.at > now - changeableFor
  );
}
