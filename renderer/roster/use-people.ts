import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { fold, matches } from "../../shared/search/names.ts";
import { useApp } from "../state/app-context.ts";

const nobody: readonly ContactRecord[] = [];

/** People by the text that finds them. */
export type FoundPeople = ReadonlyMap<string, readonly ContactRecord[]>;

/** People whom each of some texts finds, asked again when the contact list changes; undefined until main answers. */
export function useFoundPeople(texts: readonly string[], limit: number): FoundPeople | undefined {
  const { roster } = useApp();
  const version = roster.version.value;
  const [found, setFound] = useState<FoundPeople>(new Map());
  const wanted = JSON.stringify(texts);
  // With the drawing itself, so that the answer is there soon after the key.
  useLayoutEffect(() => {
    let isGone = false;
    const ask = async (text: string): Promise<readonly [string, readonly ContactRecord[]]> => {
      // Covered meanwhile: nobody is found.
      return [text, await roster.find(text, limit).catch(() => nobody)];
    };
    void Promise.all(texts.map(ask)).then((answers) => isGone || setFound(new Map(answers)));
    return () => {
      isGone = true;
    };
  }, [roster, wanted, limit, version]);
  return texts.every((text) => found.has(text)) ? found : undefined;
}

/**
 * People whom a text finds; without one, nobody. Until main has answered, those who were found before and whom it
 * finds as well.
 */
export function usePeople(
  text: string | undefined,
  limit: number,
): { readonly people: readonly ContactRecord[]; readonly isCurrent: boolean } {
  const before = useRef(nobody);
  const found = useFoundPeople(text === undefined ? [] : [text], limit);
  const now = text === undefined ? nobody : found?.get(text);
  if (now !== undefined) {
    before.current = now;
    return { people: now, isCurrent: true };
  }
  const query = fold(text ?? "");
  const people = before.current.filter(({ name, address }) => matches(query, fold(name), fold(address)));
  return { people, isCurrent: false };
}
