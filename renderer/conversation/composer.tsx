import type { ErrorInfo } from "../../shared/errors.ts";
import { isUnanswerable } from "../../shared/model/address.ts";
import { type MessageRecord, maxBodyLength } from "../../shared/model/message.ts";
import { useApp } from "../state/app-context.ts";
import { networkName } from "../state/networks.ts";
import { settingValue } from "../state/setting.ts";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";
import { bodyOf, editsLast, sends } from "./composer-model.ts";
import { ContentNote } from "./content-note.tsx";
import type { Conversation } from "./model.ts";
import { useComposer } from "./use-composer.ts";

/** As main refuses to send where policy requires what this version does not have. */
const encryptionRequired: ErrorInfo = { code: "blocked-by-policy", params: { setting: "E2eeMode" } };
const unanswerable: ErrorInfo = { code: "unanswerable" };

/** Where a message is written. Drawn anew for each conversation (by key), it begins with the draft that was kept. */
export function Composer({ conversation, name }: { readonly conversation: Conversation; readonly name: string }) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const { box, text, error, change, send, leaveEditing } = useComposer(conversation);
  const silence = useSilence(conversation);
  const editing = conversation.editing.message.value;
  const account = replica.accounts.get(conversation.accountId);
  const submit = (confirm?: string): void => {
    if (silence === undefined) void send(confirm);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && editing !== undefined && !event.isComposing) {
      event.stopPropagation();
      leaveEditing();
    } else if (sends(event)) submit();
    else if (
      !editsLast(event) ||
      !account?.facets.messages.correct ||
      editing !== undefined ||
      !conversation.editing.beginLast()
    )
      return;
    event.preventDefault();
  };

  const sendLabel = t(editing === undefined ? "composer.send" : "composer.save");
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
        box.current?.focus();
      }}
    >
      {silence !== undefined && <Problem error={silence} />}
      {error !== undefined && silence === undefined && (
        <ContentNote
          error={error}
          onEdit={() => box.current?.focus()}
          onSend={(token) => {
            submit(token);
            box.current?.focus();
          }}
        />
      )}
      {editing !== undefined && <EditedMessage message={editing} onLeave={leaveEditing} />}
      <div class="composer-box">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={text}
          aria-label={t(editing === undefined ? "composer.label" : "composer.editingLabel", { name })}
          placeholder={t("composer.placeholder", { name })}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          class="send-button"
          aria-label={sendLabel}
          title={sendLabel}
          disabled={bodyOf(text) === undefined || silence !== undefined}
        >
          {editing === undefined ? <Icon name="send" size={18} class="mirrored" /> : <Icon name="check" size={18} />}
        </button>
      </div>
      <ComposerHint conversation={conversation} name={name} length={text.length} />
    </form>
  );
}

/** Why nothing can be sent in a conversation; undefined: something can. */
function useSilence({ address }: Conversation): ErrorInfo | undefined {
  const { replica } = useApp();
  if (settingValue(replica, "E2eeMode") === "required") return encryptionRequired;
  return isUnanswerable(address) ? unanswerable : undefined;
}

/** The message that is being edited, above the box. */
function EditedMessage({ message, onLeave }: { readonly message: MessageRecord; readonly onLeave: () => void }) {
  const { t } = useApp().words.value;
  return (
    <div class="composer-editing">
      <Icon name="pencil" size={14} />
      <span class="composer-edited">
        {t("composer.editing")}
        <span class="sub" dir="auto">
          {message.body}
        </span>
      </span>
      <button
        type="button"
        class="icon-button small"
        aria-label={t("button.cancel")}
        title={t("button.cancel")}
        onClick={onLeave}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

interface ComposerHintProps {
  readonly conversation: Conversation;
  readonly name: string;
  /** Of the text, in UTF-16 units. */
  readonly length: number;
}

/** The line below the box: who is typing or which keys there are, and the account that sends. */
function ComposerHint({ conversation, name, length }: ComposerHintProps) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const tooMany = length - maxBodyLength;
  const isEditing = conversation.editing.message.value !== undefined;
  const account = replica.accounts.get(conversation.accountId);
  return (
    <div class="composer-hint">
      <TypingLine conversation={conversation} name={name} />
      {tooMany > 0 ? (
        <span class="field-error">{t("composer.tooLong", { count: tooMany })}</span>
      ) : (
        <span class="composer-keys">{t(isEditing ? "composer.editingHint" : "composer.hint")}</span>
      )}
      {account !== undefined && (
        <span class="composer-from">
          {t("composer.from", { address: account.address, network: networkName(replica, account.protocol) })}
        </span>
      )}
    </div>
  );
}

/**
 * Says that the other side is typing, in the place of the keys: it takes no room of its own, and nothing moves when it
 * comes and goes.
 */
function TypingLine({ conversation, name }: { readonly conversation: Conversation; readonly name: string }) {
  const { replica, words } = useApp();
  // Whoever was typing when the connection was lost may have stopped since.
  const isConnected = replica.accounts.get(conversation.accountId)?.state === "online";
  return (
    <span class="typing" role="status">
      {isConnected && replica.conversations.get(conversation.id)?.typing === true
        ? words.value.t("chat.typing", { name })
        : ""}
    </span>
  );
}
