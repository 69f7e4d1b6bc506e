import { type CpimMessage, cpimHeader } from "../../../cpim/message.ts";
import { detached } from "../../detached-text.ts";
import { decodeTransfer } from "../payloads/rfc-2046-multipart.ts";
import { imdnCpimNamespace } from "../payloads/rfc-5438-imdn.ts";
import type { BodyPart } from "../wire/body.ts";
import { parseParameters } from "../wire/message.ts";
import type { Asked } from "./message-item.ts";

/** Headers of an envelope (RFC 3862 section 2.4, RFC 5438 section 6.3). */
export interface EnvelopeContent {
  readonly inner: BodyPart;
  /** The content is text as it stands. */
  readonly isPlain: boolean;
  readonly id: string | undefined;
  /** Milliseconds since the epoch, as the sender says. */
  readonly said: number | undefined;
  readonly subject: string | undefined;
  readonly asked: Asked;
  /** Every header that has to be understood is one that is. */
  readonly isUnderstood: boolean;
}

/** RFC 3862 section 4, and RFC 5438 section 6.3: headers that are read, or say nothing that could be missed. */
const known: readonly string[] = ["From", "To", "cc", "DateTime", "Subject", "NS", "Require"];
const knownOfImdn: readonly string[] = ["Message-ID", "Disposition-Notification"];

export function readEnvelope(envelope: CpimMessage): EnvelopeContent {
  const { value, params } = parseParameters(envelope.contentType);
  const transfer = envelope.contentHeaders.get("content-transfer-encoding")?.toLowerCase() ?? "8bit";
  const isPlain = ["7bit", "8bit", "binary"].includes(transfer);
  const content = decodeTransfer(envelope.content, transfer);
  const dateTime = dateTimeOf(envelope);
  const said = Date.parse(dateTime ?? "");
  const wanted = (cpimHeader(envelope, "Disposition-Notification", imdnCpimNamespace) ?? "")
    .toLowerCase()
    .split(",")
    .map((one) => one.trim());
  return {
    inner: { type: value.toLowerCase(), params, headers: envelope.contentHeaders, content },
    isPlain,
    id: wireId(cpimHeader(envelope, "Message-ID", imdnCpimNamespace)),
    said: Number.isFinite(said) ? said : undefined,
    subject: cpimHeader(envelope, "Subject"),
    asked: {
      dateTime: dateTime === undefined ? undefined : detached(dateTime),
      delivered: wanted.includes("positive-delivery"),
      read: wanted.includes("display"),
    },
    isUnderstood: envelope.required.every(({ namespace, name }) =>
      (namespace === "" ? known : namespace === imdnCpimNamespace ? knownOfImdn : []).includes(name),
    ),
  };
}

/**
 * DateTime of an envelope, as a receipt repeats it; a text of its own, so that it does not keep the envelope in memory.
 */
function dateTimeOf(envelope: CpimMessage): string | undefined {
  const text = cpimHeader(envelope, "DateTime")?.trim() ?? "";
  return /^[0-9TZ:.+-]{1,40}$/i.test(text) ? Buffer.from(text).toString() : undefined;
}

/** An id as the model takes it: without control characters, at most 128 long. */
export function wireId(text: string | undefined): string | undefined {
  const id = text?.trim().replace(/^<|>$/g, "");
  return id !== undefined && id !== "" && id.length <= 128 && !/\p{C}/u.test(id) ? detached(id) : undefined;
}
