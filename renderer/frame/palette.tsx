import type { RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { createSearchModel } from "../history/search-model.ts";
import { usePeople } from "../roster/use-people.ts";
import { useApp } from "../state/app-context.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { Icon } from "../widgets/icons.tsx";
import { maxPeople, type PaletteGroup, type PaletteOption, paletteGroups } from "./palette-options.ts";
import { PaletteRow } from "./palette-row.tsx";

const maxMessages = 5;
/** Fewer letters find half of the history. */
const shortestSearch = 2;

/** Finds any person, chat, action or message by what is typed (WAI-ARIA combobox with a listbox). */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { actions, words } = useApp();
  const { t } = words.value;
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const wanted = text.trim();
  const { groups, isCurrent, isBusy } = useFound(text);
  const options = groups.flatMap((group) => group.options);
  const count = options.length;
  const selected = Math.min(at, Math.max(0, count - 1));

  /** Enter came before it was known whom the text finds. */
  const isChosen = useRef(false);
  useLayoutEffect(() => {
    if (!isCurrent || !isChosen.current) return;
    isChosen.current = false;
    choose(selected);
  }, [isCurrent]);

  const choose = (index: number): void => {
    const option = options[index];
    onClose();
    if (option !== undefined) run(option);
  };
  const run = (option: PaletteOption): void => {
    if (option.kind === "action") option.action.run();
    else if (option.kind === "message") actions.openFound(option.hit.message, wanted);
    else actions.openConversation(option.kind === "chat" ? option.id : conversationWith(option.contact.id));
  };
  const move = (to: number): void => {
    const next = count === 0 ? 0 : (to + count) % count;
    setAt(next);
    list.current?.querySelector(`[data-option="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(selected + 1);
    else if (event.key === "ArrowUp") move(selected - 1);
    else if (event.key === "Enter") {
      if (isCurrent) choose(selected);
      else isChosen.current = true;
    } else return;
    event.preventDefault();
  };

  return (
    <Dialog title={t("palette.title")} onClose={onClose} light bare class="palette">
      <div class="palette-box">
        <Icon name="search" size={18} />
        <input
          type="text"
          role="combobox"
          data-autofocus
          aria-label={t("palette.title")}
          aria-expanded={count > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          {...(count > 0 ? { "aria-activedescendant": `${listId}-${selected}` } : {})}
          placeholder={t("palette.placeholder")}
          spellcheck={false}
          autocomplete="off"
          maxLength={200}
          value={text}
          onInput={(event) => {
            isChosen.current = false;
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <PaletteList list={list} id={listId} groups={groups} selected={selected} onSelect={setAt} onChoose={choose} />
      {count === 0 && !isBusy && <p class="palette-none">{t("palette.none", { text: wanted })}</p>}
      <p class="visually-hidden" role="status">
        {t("palette.results", { count })}
      </p>
    </Dialog>
  );
}

/** Everything that a text finds. `isCurrent`: it is known whom it finds. */
function useFound(text: string) {
  const app = useApp();
  const { client, roster, words } = app;
  const { t } = words.value;
  const wanted = text.trim();
  const search = useMemo(() => createSearchModel(client, maxMessages), [client]);
  useEffect(
    () =>
      search.look([...wanted].length < shortestSearch && /^[\0-\x7f]*$/.test(wanted) ? undefined : { text: wanted }),
    [search, wanted],
  );
  useEffect(() => () => search.dispose(), [search]);
  const hits = search.hits.value;
  const answered = search.answered.value?.text;

  const { people, isCurrent } = usePeople(wanted === "" ? undefined : wanted, maxPeople);
  const version = roster.version.value;
  const [asked, setAsked] = useState<readonly ContactRecord[]>([]);
  useEffect(() => void roster.asked().then(setAsked, () => undefined), [roster, version]);

  const groups = useMemo(
    () => paletteGroups(app, text, { people, asked, hits: answered === wanted ? hits : [] }),
    [app, t, text, people, asked, hits, answered],
  );
  return { groups, isCurrent, isBusy: search.busy.value };
}

interface PaletteListProps {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly id: string;
  readonly groups: readonly PaletteGroup[];
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly onChoose: (index: number) => void;
}

function PaletteList({ list, id, groups, selected, onSelect, onChoose }: PaletteListProps) {
  const { t } = useApp().words.value;
  const options = groups.flatMap((group) => group.options);
  const optionProps = (index: number) => ({
    id: `${id}-${index}`,
    role: "option" as const,
    "data-option": index,
    "aria-selected": index === selected,
    class: `option${index === selected ? " option-on" : ""}`,
    onMouseMove: () => {
      if (index !== selected) onSelect(index);
    },
    onClick: () => onChoose(index),
  });

  return (
    <div ref={list} id={id} class="palette-list" role="listbox" aria-label={t("palette.title")}>
      {groups.map((group) => (
        <div key={group.kind} role="group" aria-label={t(`palette.${group.kind}`)}>
          <p class="palette-group" aria-hidden="true">
            {t(`palette.${group.kind}`)}
          </p>
          {group.options.map((option) => (
            <div key={keyOf(option)} {...optionProps(options.indexOf(option))}>
              <PaletteRow option={option} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function keyOf(option: PaletteOption): string {
  if (option.kind === "action") return option.action.label;
  if (option.kind === "message") return option.hit.message.id;
  return option.kind === "chat" ? option.id : option.contact.id;
}
