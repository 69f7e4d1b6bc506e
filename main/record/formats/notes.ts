import { noticeLine } from "../../../shared/words/notice.ts";
import type { Words } from "../../../shared/words/words.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import { clockOf, dateOf } from "./moments.ts";
import { authorLine } from "./parties.ts";

/** Notes about messages beside their text, in the formats that people read. */
export interface Notes {
  /** One line each: what it said before, what became of it, how it was protected, its files. */
  of(message: RecordedMessage): readonly string[];
  /** Time of day of a moment; with its date where that is another than the message's. */
  stamp(at: number, message: RecordedMessage): string;
}

/** `offset`: minutes that the times shown are ahead of UTC. */
export function createNotes(words: Words, offset: (at: number) => number): Notes {
  const states = {
    waiting: words.t("export.state.waiting"),
    sent: words.t("export.state.sent"),
    delivered: words.t("export.state.delivered"),
    read: words.t("export.state.read"),
    failed: words.t("export.state.failed"),
    received: words.t("export.state.received"),
  };
  const nobody = words.t("export.unknown");
  const late = words.t("export.delayed");
  const elsewhere = words.t("export.otherDevice");
  const local = (at: number): number => at + offset(at) * 60_000;

  function stamp(at: number, message: RecordedMessage): string {
    const moment = local(at);
    return dateOf(moment) === dateOf(local(message.sentAt)) ? clockOf(moment) : `${dateOf(moment)} ${clockOf(moment)}`;
  }

  return {
    stamp,
    of(message) {
      const notes: string[] = [];
      if (message.notice) {
        const { author } = message;
        notes.push(noticeLine(words, message.notice, { author, name: authorLine(message, nobody) }));
      }
      for (const { body, until } of message.versions)
        notes.push(words.t("export.before", { time: stamp(until, message), text: body }));
      if (message.correctedAt !== undefined)
        notes.push(words.t("export.corrected", { time: stamp(message.correctedAt, message) }));
      if (message.retractedAt !== undefined)
        notes.push(words.t("export.retracted", { time: stamp(message.retractedAt, message) }));
      if (message.deletedAt !== undefined)
        notes.push(words.t("export.deleted", { time: stamp(message.deletedAt, message) }));
      for (const { name, sha256, size } of message.files) notes.push(words.t("export.file", { name, size, sha256 }));
      if (message.direction === "out") {
        const history = message.states.map(({ state, at }) => `${states[state]} ${stamp(at, message)}`);
        notes.push(
          message.states.at(-1)?.state === message.state
            ? history.join(", ")
            : [...history, states[message.state]].join(", "),
        );
      }
      if (message.error) notes.push(words.error(message.error).what);
      if (message.encryption !== undefined) notes.push(words.t("export.encrypted", { method: message.encryption }));
      if (message.label !== undefined) notes.push(words.t("export.label", { label: message.label }));
      if (message.delayed) notes.push(late);
      if (message.otherDevice) notes.push(elsewhere);
      return notes;
    },
  };
}
