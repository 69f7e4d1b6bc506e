import { cpimType, parseCpim } from "../../../cpim/message.ts";
import { defineFeature } from "../feature.ts";
import { type About, Unshown } from "../messages/message-item.ts";
import { readEnvelope } from "../messages/message-reader.ts";
import { BodyError } from "../wire/body.ts";

/** A message in the envelope of every network, which says when it was said and what its sender wants to be told. */
export const cpim = defineFeature({
  name: "RFC 3862: CPIM",
  payloads: [
    {
      type: cpimType,
      read: (part, outside, reader) => {
        if (outside.asked) throw new BodyError(400, "envelope in an envelope");
        const {
          inner,
          isPlain,
          id = outside.id,
          said,
          subject,
          asked,
          isUnderstood,
        } = readEnvelope(parseCpim(part.content));
        const about: About = { id, at: reader.stampOf(said, outside.at), subject, asked };
        // RFC 3862 section 4.8: what its sender requires to be understood, and is not, makes all of it unreadable.
        if (!isUnderstood) throw new Unshown([{ kind: "other", what: cpimType }], about);
        return isPlain ? reader.read(inner, about) : reader.show(inner, about);
      },
    },
  ],
});
