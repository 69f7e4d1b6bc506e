import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MessageId, SearchHit } from "../../shared/model/message.ts";
import { isolate } from "../../shared/text/isolate.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { lineOf } from "../../shared/words/notice.ts";
import { useApp } from "../state/app-context.ts";
import { useMessageNames } from "../state/message-names.ts";
import { Hit } from "./hit.tsx";
import { HitContextModel } from "./hit-context.ts";
import { snippetPieces } from "./snippet.tsx";

export interface HitListProps {
  /** Result in words. */
  readonly label: string;
  /** Stands above the hits. */
  readonly children: ComponentChildren;
  readonly hits: readonly SearchHit[];
  readonly more: boolean;
  readonly busy: boolean;
  readonly onOpen: (hit: SearchHit) => void;
  readonly onMore: () => void;
  /** Back to what was typed. */
  readonly onBack: () => void;
}

/**
 * Results of a search. By keyboard: up and down, Home and End go through the hits, Enter opens one in its place, right
 * and left (as in a tree) show and hide what was said around the one that is selected, Escape leads back to what was
 * typed.
 */
export function HitList({ label, children, hits, more, busy, onOpen, onMore, onBack }: HitListProps) {
  const { client, replica, ui, words } = useApp();
  const { t } = words.value;
  const list = useRef<HTMLUListElement>(null);
  const around = useMemo(() => new HitContextModel(client), [client]);
  const [selected, setSelected] = useState<MessageId | undefined>(undefined);
  /** Stays as it was chosen, from one hit to the next. */
  const [unfolding, setUnfolding] = useState(true);
  /** Hit whose surrounding messages are to be read out when they are there. */
  const [spoken, setSpoken] = useState<MessageId | undefined>(undefined);
  const { author, other } = useMessageNames();
  const current = hits.find(({ message }) => message.id === selected);
  const unfolded = unfolding ? current : undefined;
  const context = around.context.value;

  useEffect(() => around.look(unfolded?.message), [around, unfolded]);
  useEffect(() => () => around.dispose(), [around]);
  useEffect(() => {
    const stops = [
      // Chats that are open tell what changes in them.
      replica.onMessage((op) => (op.op === "remove" ? around.drop(op.id) : around.refresh())),
      replica.onReset(() => around.refresh()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [around, replica]);
  useEffect(() => {
    if (spoken === undefined || context?.of !== spoken || current === undefined) return;
    const said = [...context.before, { ...current.message, body: plain(current.snippet) }, ...context.after];
    ui.announcement.value = said
      .map(
        (message) =>
          `${t("history.author", { author: author(message) })} ${message.retracted === true ? t("message.retracted") : isolate(truncate(lineOf(words.value, message, other(message)), longestSpoken))}`,
      )
      .join(" – ");
    setSpoken(undefined);
  }, [spoken, context, current]);

  const unfold = (id: MessageId): void => {
    setSelected(id);
    setUnfolding(true);
    setSpoken(id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const all = [...(list.current?.querySelectorAll<HTMLElement>(".hit") ?? [])];
    const at = all.findIndex((element) => element.parentElement?.contains(document.activeElement) === true);
    if (at === -1) return;
    const forward =
      getComputedStyle(event.currentTarget as HTMLElement).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const id = hits[at]?.message.id;
    if (event.key === "Escape" || (event.key === "ArrowUp" && at === 0)) onBack();
    else if (event.key === "ArrowUp") all[at - 1]?.focus();
    else if (event.key === "ArrowDown" && at < all.length - 1) all[at + 1]?.focus();
    // At the end the older ones come by themselves.
    else if (event.key === "ArrowDown" && more) onMore();
    else if (event.key === "Home") all[0]?.focus();
    else if (event.key === "End") all.at(-1)?.focus();
    else if (event.key === forward && id !== undefined) unfold(id);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") setUnfolding(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const reached = current ?? hits[0];
  return (
    <div class="hits" role="region" aria-label={label} onKeyDown={onKeyDown}>
      {children}
      <ul ref={list} class="hit-list">
        {hits.map((hit) => {
          const { id } = hit.message;
          const isUnfolded = hit === unfolded;
          return (
            <Hit
              key={id}
              hit={hit}
              reached={hit === reached}
              opened={ui.jump.value?.messageId === id}
              unfolded={isUnfolded}
              context={isUnfolded && context?.of === id ? context : undefined}
              failed={isUnfolded && around.failed.value === id}
              onOpen={() => onOpen(hit)}
              onSelect={() => setSelected(id)}
              onFold={() => (isUnfolded ? setUnfolding(false) : unfold(id))}
            />
          );
        })}
      </ul>
      {more && (
        <button type="button" class="link-button hits-more" disabled={busy} onClick={onMore}>
          {t("history.more")}
        </button>
      )}
    </div>
  );
}

/** Longest text that is read out of a message, in UTF-16 units. */
const longestSpoken = 200;

function plain(snippet: string): string {
  return snippetPieces(snippet)
    .map(({ text }) => text)
    .join("");
}
