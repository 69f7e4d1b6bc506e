import type { MessageRecord } from "../../shared/model/message.ts";
import { useWords } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";
import { MessageBody } from "./message-body.tsx";
import { MessageStateMark } from "./message-state.tsx";

export interface MessageProps {
  readonly message: MessageRecord;
  readonly author: string;
  readonly first: boolean;
  readonly last: boolean;
  /** It was searched for: drawn so that the eye finds it. */
  readonly marked: boolean;
  readonly onRetry: () => void;
}

/** One message: its text, when it was said, and how far it got. */
export function Message({ message, author, first, last, marked, onRetry }: MessageProps) {
  const words = useWords();
  const { t } = words;
  const own = message.direction === "out";
  return (
    <article class={`message${own ? " own" : ""}${first ? " first" : ""}${last ? " last" : ""}${marked ? " marked" : ""}`} aria-label={author}>
      <div class="bubble">
        <MessageBody body={message.body} />
        <span class="message-meta">
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
          <time dateTime={isoOf(message.at)} title={words.full(message.at)}>
            {words.time(message.at)}
          </time>
          {own && <MessageStateMark state={message.state} />}
        </span>
      </div>
      {message.state === "failed" && (
        <Problem error={message.error ?? { code: "internal" }} quiet>
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
