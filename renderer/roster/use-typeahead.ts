import { useRef } from "preact/hooks";
import { useApp } from "../state/app-context.ts";

/** How long typed letters count as one word, in milliseconds. */
const typeaheadTime = 700;

export interface Typeahead {
  /** Adds a letter to the word, and goes to the next row from `activeAt` whose name begins with the word. */
  readonly type: (letter: string, activeAt: number) => void;
  /** Ends the word: an answer to it would take the person away from where they have gone since. */
  readonly end: () => void;
}

/** Rows that are found by the first letters of their names (WAI-ARIA Authoring Practices, tree view). */
export function useTypeahead(goTo: (index: number) => void): Typeahead {
  const { roster } = useApp();
  const typed = useRef({ text: "", at: 0 });
  return {
    type: (letter, activeAt) => {
      const now = performance.now();
      const text = now - typed.current.at < typeaheadTime ? typed.current.text + letter : letter;
      const word = { text, at: now };
      typed.current = word;
      roster.typeahead(text, activeAt).then(
        (found) => {
          if (found !== -1 && typed.current === word) goTo(found);
        },
        () => undefined, // Covered meanwhile: nothing is looked for.
      );
    },
    end: () => {
      typed.current = { text: "", at: 0 };
    },
  };
}
