import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { usePeople } from "../roster/use-people.ts";
import { useApp } from "../state/app-context.ts";
import { ClearButton } from "../widgets/clear-button.tsx";
import { Icon } from "../widgets/icons.tsx";
import { maxPeople, peopleSought, type Suggestion, suggest } from "./suggest.ts";

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Takes the focus each time this grows; 0 leaves it. */
  readonly focus: number;
  /** Enter and the arrow down, when they choose no suggestion. */
  readonly onEnter: () => void;
  readonly onDown: () => void;
}

/**
 * The search box of the history: it suggests people, days and filters for what is being typed (WAI-ARIA combobox with a
 * listbox).
 */
export function SearchField(props: SearchFieldProps) {
  const { label, value, onValue, onEnter, onDown } = props;
  const { t } = useApp().words.value;
  const listId = useId();
  const { input, list, at, typed, follow, move, accept, close } = useSuggestions(props);
  const open = list.length > 0;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && open) move(step);
    else if (event.key === "ArrowDown") onDown();
    else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && at !== undefined) accept(at);
    else if (event.key === "Enter") onEnter();
    else if (event.key === "Escape" && open) close();
    else if (event.key === "Escape" && value !== "") onValue("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="search-field">
      <div class="search">
        <Icon name="search" size={16} />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded={open}
          aria-controls={listId}
          aria-autocomplete="list"
          {...(at === undefined ? {} : { "aria-activedescendant": `${listId}-${at}` })}
          placeholder={label}
          spellcheck={false}
          autocomplete="off"
          maxLength={500}
          value={value}
          onInput={(event) => typed(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onKeyUp={follow}
          onClick={follow}
          onBlur={close}
        />
        {value !== "" && <ClearButton input={input} onClear={() => onValue("")} />}
      </div>
      <SuggestionList id={listId} list={list} at={at} onAccept={accept} />
      <p class="visually-hidden" role="status">
        {open ? t("history.suggested", { count: list.length }) : ""}
      </p>
    </div>
  );
}

/** Suggestions for where the caret stands, and the one that the arrows have led to (`at`). */
function useSuggestions({ value, onValue, focus }: Pick<SearchFieldProps, "value" | "onValue" | "focus">) {
  const { words } = useApp();
  const ref = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState(0);
  /** Closed by the person, or nothing was typed yet. */
  const [closed, setClosed] = useState(true);
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const moveTo = useRef<number | undefined>(undefined);
  const { people } = usePeople(closed ? undefined : peopleSought(value, caret, words.value), maxPeople);
  const { list, eager } = closed
    ? { list: [], eager: false }
    : suggest({ text: value, caret, words: words.value, find: () => people });
  const at = list.length > 0 ? (chosen ?? (eager ? 0 : undefined)) : undefined;

  useLayoutEffect(() => {
    if (focus === 0) return;
    ref.current?.focus();
    ref.current?.select();
    const end = ref.current?.value.length ?? 0;
    setCaret(end);
    // A filter that was just begun by a button is to be filled in.
    setClosed(!(ref.current?.value.endsWith(":") ?? false));
    if (ref.current?.value.endsWith(":") === true) ref.current.setSelectionRange(end, end);
  }, [focus]);
  useLayoutEffect(() => {
    if (moveTo.current !== undefined) ref.current?.setSelectionRange(moveTo.current, moveTo.current);
    moveTo.current = undefined;
  });

  const follow = (): void => setCaret(ref.current?.selectionStart ?? value.length);
  const accept = (index: number): void => {
    const one = list[index];
    if (one === undefined) return;
    // After a filter's name its value follows at once.
    setClosed(!one.text.endsWith(":"));
    setChosen(undefined);
    setCaret(one.caret);
    moveTo.current = one.caret;
    onValue(one.text);
    ref.current?.focus();
  };
  const move = (step: 1 | -1): void =>
    setChosen(at === undefined ? (step === 1 ? 0 : list.length - 1) : (at + step + list.length) % list.length);
  const typed = (text: string): void => {
    onValue(text);
    follow();
    setClosed(false);
    setChosen(undefined);
  };
  const close = (): void => setClosed(true);
  return { input: ref, list, at, typed, follow, move, accept, close };
}

interface SuggestionListProps {
  readonly id: string;
  readonly list: readonly Suggestion[];
  /** The one that is chosen. */
  readonly at: number | undefined;
  readonly onAccept: (index: number) => void;
}

function SuggestionList({ id, list, at, onAccept }: SuggestionListProps) {
  const { t } = useApp().words.value;
  const open = list.length > 0;
  return (
    <div id={id} class={open ? "suggestions" : ""} role="listbox" aria-label={t("history.suggestions")} hidden={!open}>
      {list.map((one, index) => (
        <div
          key={one.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          class={`option${index === at ? " option-on" : ""}`}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onAccept(index)}
        >
          <span class="name" dir="auto">
            {one.label}
          </span>
          <span class="sub" dir="auto">
            {one.hint}
          </span>
        </div>
      ))}
    </div>
  );
}
