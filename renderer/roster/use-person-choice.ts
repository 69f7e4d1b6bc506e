import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { usePeople } from "./use-people.ts";

const maxFound = 8;

/** People found by what is written, and the one that is meant. */
export interface PersonChoice {
  readonly text: string;
  /** The text without spaces around it. */
  readonly written: string;
  readonly isAddress: boolean;
  readonly people: readonly ContactRecord[];
  readonly hasMore: boolean;
  /** It is known whom the text finds. */
  readonly isCurrent: boolean;
  /** Index of the person who is meant; undefined: the address as it is written. */
  readonly at: number | undefined;
  readonly person: ContactRecord | undefined;
  /** The element that lists them. */
  readonly list: RefObject<HTMLDivElement | null>;
  setText(text: string): void;
  choose(index: number): void;
  /** The next (1) or previous (-1) person, brought into view. */
  move(step: 1 | -1): void;
}

export function usePersonChoice(given: string): PersonChoice {
  const [text, setText] = useState(given);
  /** The person that the arrows have led to. */
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const list = useRef<HTMLDivElement>(null);
  const written = text.trim();
  const isAddress = written.includes("@") || /^(?:xmpp|sips?|im|pres):/i.test(written);
  // One more tells that there are more.
  const { people: found, isCurrent } = usePeople(written === "" ? undefined : written, maxFound + 1);
  const people = found.slice(0, maxFound);
  // Of an address, only the arrows lead to somebody else than was written; a name means the first who has it.
  const at =
    chosen === undefined ? (isAddress || people.length === 0 ? undefined : 0) : Math.min(chosen, people.length - 1);
  const person = at === undefined ? undefined : people[at];
  return {
    text,
    written,
    isAddress,
    people,
    hasMore: found.length > maxFound,
    isCurrent,
    at,
    person,
    list,
    setText(next) {
      setText(next);
      setChosen(undefined);
    },
    choose: setChosen,
    move(step) {
      const next =
        at === undefined ? (step === 1 ? 0 : people.length - 1) : (at + step + people.length) % people.length;
      setChosen(next);
      list.current?.querySelector(`[data-option="${next}"]`)?.scrollIntoView({ block: "nearest" });
    },
  };
}
