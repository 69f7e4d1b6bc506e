import type { MessageRecord } from "../../shared/model/message.ts";
import { noticeLine } from "../../shared/words/notice.ts";
import { useApp } from "../state/app-context.ts";
import { useMessageNames } from "../state/message-names.ts";
import { Icon } from "../widgets/icons.tsx";
import { isMenuKey } from "../widgets/menu.tsx";
import { Problem } from "../widgets/problem.tsx";
import { MessageBody } from "./message-body.tsx";
import { MessageStateMark } from "./message-state.tsx";

export interface MessageProps {
  readonly message: MessageRecord;
  readonly first: boolean;
  readonly last: boolean;
  /** It was searched for: drawn so that the eye finds it. */
  readonly marked: boolean;
  readonly onRetry: () => void;
  /** Its menu is wanted at a point of the window, in CSS pixels. */
  readonly onMenu: (x: number, y: number) => void;
}

/** One message: its text, when it was said, and how far it got. */
export function Message({ message, first, last, marked, onRetry, onMenu }: MessageProps) {
  const app = useApp();
  const { ui } = app;
  const names = useMessageNames();
  const searched = ui.searched.value;
  const words = app.words.value;
  const { t } = words;
  const own = message.author.isSelf;
  const retracted = message.retracted === true;
  const { notice } = message;
  const failure = message.state === "failed" ? (message.error ?? { code: "internal" as const }) : message.change?.error;
  const open = (element: HTMLElement): void => {
    const { left, bottom } = (element.querySelector(".bubble") ?? element).getBoundingClientRect();
    onMenu(left, bottom);
  };
  return (
    <article
      class={`message${own ? " own" : ""}${first ? " first" : ""}${last ? " last" : ""}${marked ? " marked" : ""}${retracted ? " retracted" : ""}${notice === undefined ? "" : " told"}`}
      aria-label={names.author(message)}
      tabIndex={-1}
      data-message={message.id}
      onContextMenu={(event) => {
        // Of a link, and of what is selected, the browser's own menu knows more.
        if (event.target instanceof HTMLAnchorElement || getSelection()?.isCollapsed === false) return;
        event.preventDefault();
        if (event.clientX === 0 && event.clientY === 0) open(event.currentTarget);
        else onMenu(event.clientX, event.clientY);
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || !(event.key === "Enter" || isMenuKey(event))) return;
        event.preventDefault();
        open(event.currentTarget);
      }}
    >
      <div class="bubble">
        {retracted && <span class="message-gone">{t(own ? "message.retractedOwn" : "message.retracted")}</span>}
        {!retracted && notice !== undefined && (
          <span class="message-notice">
            {noticeLine(words, notice, { author: message.author, name: names.other(message) })}
          </span>
        )}
        {!retracted && (notice === undefined || message.body !== "") && (
          <MessageBody body={message.body} searched={searched?.messageId === message.id ? searched.text : undefined} />
        )}
        <span class="message-meta">
          {message.corrected !== undefined && !retracted && (
            <span title={t("message.editedAt", { time: words.full(message.corrected) })}>{t("message.edited")}</span>
          )}
          {message.change?.state === "waiting" && message.state !== "waiting" && (
            <span class="state state-waiting" title={t("message.changeWaiting")}>
              <Icon name="clock" size={14} />
              <span class="visually-hidden">{t("message.changeWaiting")}</span>
            </span>
          )}
          {message.otherDevice === true && (
            <span class="state" title={t("message.otherDevice")}>
              <Icon name="devices" size={13} />
              <span class="visually-hidden">{t("message.otherDevice")}</span>
            </span>
          )}
          {message.delayed === true && (
            <span class="state" title={t("message.delayed")}>
              <Icon name="late" size={13} />
              <span class="visually-hidden">{t("message.delayed")}</span>
            </span>
          )}
          {message.saidAt !== undefined && (
            <span title={t("message.saidAtFull", { time: words.full(message.saidAt) })}>
              {t("message.saidAt", { time: words.moment(message.saidAt, message.at) })}
            </span>
          )}
          <time dateTime={isoOf(message.at)} title={words.full(message.at)}>
            {words.time(message.at)}
          </time>
          {message.direction === "out" && !retracted && notice === undefined && (
            <MessageStateMark state={message.state} conversationId={message.conversationId} />
          )}
        </span>
      </div>
      {failure !== undefined && (
        <Problem error={failure} quiet>
          {message.change?.state === "failed" && (
            <span>
              {t(message.change.kind === "correction" ? "message.correctionFailed" : "message.retractionFailed")}{" "}
            </span>
          )}
          <button type="button" class="link-button" onClick={onRetry}>
            {t("message.retry")}
          </button>
        </Problem>
      )}
    </article>
  );
}

function isoOf(at: number): string {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : "";
}
