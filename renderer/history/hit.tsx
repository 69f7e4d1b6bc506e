import { useLayoutEffect, useRef } from "preact/hooks";
import type { MessageRecord, SearchHit } from "../../shared/model/message.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { lineOf, noticeLine } from "../../shared/words/notice.ts";
import { useApp } from "../state/app-context.ts";
import { useMessageNames } from "../state/message-names.ts";
import { isTagged } from "../state/networks.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Icon } from "../widgets/icons.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";
import type { HitContext } from "./hit-context.ts";
import { Snippet } from "./snippet.tsx";

export interface HitProps {
  readonly hit: SearchHit;
  /** The tab key leads here; the others are reached by arrows. */
  readonly reached: boolean;
  /** It is the message that the open chat was opened at. */
  readonly opened: boolean;
  /** True when surrounding messages are shown, as soon as they are there. */
  readonly unfolded: boolean;
  readonly context: HitContext | undefined;
  readonly failed: boolean;
  readonly onOpen: () => void;
  readonly onSelect: () => void;
  readonly onFold: () => void;
}

/**
 * One message that was found: in which conversation, who said it, when, with what was looked for marked, and what was
 * said around it.
 */
export function Hit({
  hit: { message, snippet },
  reached,
  opened,
  unfolded,
  context,
  failed,
  onOpen,
  onSelect,
  onFold,
}: HitProps) {
  const { words, actions, clock, replica } = useApp();
  const { t, moment, time, full } = words.value;
  const row = useRef<HTMLLIElement>(null);
  const around = `around-${message.id}`;
  const address = replica.places.of(message.conversationId)?.address ?? "";
  const network = replica.accounts.get(message.accountId)?.protocol;
  const name = actions.nameOf(message.conversationId);
  const { author } = useMessageNames();
  const inPlace = unfolded && context !== undefined;
  const [listed, hour] = [moment(message.at, clock.value), time(message.at)];
  const label = t(unfolded ? "history.hideAround" : "history.showAround");
  useLayoutEffect(() => {
    if (inPlace) row.current?.scrollIntoView({ block: "nearest" });
  }, [inPlace]);
  return (
    <li ref={row} class={`hit-row${unfolded ? " hit-unfolded" : ""}${opened ? " hit-opened" : ""}`}>
      {/* A press of the mouse opens it and selects nothing: what would unfold then would move it away from the pointer. */}
      <button
        type="button"
        class="hit"
        tabIndex={reached ? 0 : -1}
        aria-current={opened ? "true" : undefined}
        onMouseDown={(event) => event.preventDefault()}
        onFocus={onSelect}
        onClick={onOpen}
      >
        <Avatar name={name} seed={address} />
        <span class="hit-text">
          <span class="hit-head">
            <span class="name" dir="auto">
              {name}
            </span>
            {network !== undefined && isTagged(replica, network) && <NetworkTag protocol={network} />}
            <span class="row-time" title={full(message.at)}>
              {inPlace && listed !== hour ? `${listed} ${hour}` : listed}
            </span>
          </span>
          <span class={inPlace ? "visually-hidden" : "hit-line"} dir="auto">
            {message.author.isSelf && (
              <span class="hit-author">{t("history.author", { author: author(message) })} </span>
            )}
            <Found message={message} snippet={snippet} />
          </span>
        </span>
      </button>
      <button
        type="button"
        class="icon-button small hit-fold"
        tabIndex={reached ? 0 : -1}
        aria-expanded={unfolded}
        {...(unfolded ? { "aria-controls": around } : {})}
        aria-label={label}
        title={label}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onFold}
      >
        <Icon name={unfolded ? "chevronUp" : "chevronDown"} size={16} />
      </button>
      {unfolded && (
        <div id={around} class="around">
          {failed && <p class="around-note">{t("history.aroundFailed")}</p>}
          {inPlace && (
            <ol aria-label={t("history.around")}>
              {context.before.map((line) => (
                <Around key={line.id} line={line} hitAt={message.at} />
              ))}
              <li class="around-hit">
                <span class="hit-author">{author(message)}</span> <Found message={message} snippet={snippet} whole />
              </li>
              {context.after.map((line) => (
                <Around key={line.id} line={line} hitAt={message.at} />
              ))}
            </ol>
          )}
        </div>
      )}
    </li>
  );
}

/**
 * Message that was found, with the words marked that were looked for. A notice is the line that stands for it, with the
 * words that came with it.
 */
function Found({
  message,
  snippet,
  whole = false,
}: {
  readonly message: MessageRecord;
  readonly snippet: string;
  readonly whole?: boolean;
}) {
  const { words } = useApp();
  const { other } = useMessageNames();
  if (message.notice === undefined) return <Snippet snippet={snippet} whole={whole} />;
  return (
    <>
      <em>{noticeLine(words.value, message.notice, { author: message.author, name: other(message) })}</em>{" "}
      <Snippet snippet={snippet} whole={whole} />
    </>
  );
}

/** A message before or after a hit; with the time where it was not said at about the same time. */
function Around({ line, hitAt }: { readonly line: MessageRecord; readonly hitAt: number }) {
  const { words, clock } = useApp();
  const { t, full } = words.value;
  const { author, other } = useMessageNames();
  return (
    <li title={full(line.at)}>
      <span class="around-line" dir="auto">
        <span class="hit-author">{author(line)}</span>{" "}
        {line.retracted === true ? (
          <em>{t("message.retracted")}</em>
        ) : (
          shortened(lineOf(words.value, line, other(line)))
        )}
      </span>
      {Math.abs(line.at - hitAt) > near && (
        <span class="row-time">{timeOf(line.at, { hitAt, now: clock.value }, words.value)}</span>
      )}
    </li>
  );
}

/** Messages within so many milliseconds are said together. */
const near = 5 * 60_000;
/** Longest text that is drawn of a message around a hit, in UTF-16 units: more than its two lines hold. */
const longest = 400;

function shortened(text: string): string {
  const short = truncate(text, longest).replace(/\s+/gu, " ");
  return text.length > longest ? `${short}…` : short;
}

/** The hour on the same day, else the day. */
function timeOf(
  at: number,
  { hitAt, now }: { readonly hitAt: number; readonly now: number },
  { time, moment }: Pick<ReturnType<typeof useApp>["words"]["value"], "time" | "moment">,
): string {
  return new Date(at).toDateString() === new Date(hitAt).toDateString() ? time(at) : moment(at, now);
}
