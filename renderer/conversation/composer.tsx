import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import { isUnanswerable } from "../../shared/model/address.ts";
import { type ConversationId, placeOf } from "../../shared/model/conversation-id.ts";
import { type MessageRecord, maxBodyLength } from "../../shared/model/message.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { useApp } from "../state/app-context.ts";
import { networkName } from "../state/networks.ts";
import { settingValue } from "../state/setting.ts";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";
import { bodyOf, createTypingReporter, editsLast, sends } from "./composer-model.ts";
import { ContentNote } from "./content-note.tsx";
import type { Conversation } from "./model.ts";

/** How long after the last key a draft is saved, in milliseconds. */
const draftDelay = 400;

/** As main refuses to send where policy requires what this version does not have. */
const encryptionRequired: ErrorInfo = { code: "blocked-by-policy", params: { setting: "E2eeMode" } };
const unanswerable: ErrorInfo = { code: "unanswerable" };

/** Where a message is written. Drawn anew for each conversation (by key), it begins with the draft that was kept. */
export function Composer({ conversation, name }: { readonly conversation: Conversation; readonly name: string }) {
  const { client, replica, words, ui } = useApp();
  const { t } = words.value;
  const { id } = conversation;
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => conversation.unkeptDraft ?? replica.conversations.peek(id)?.draft ?? "");
  const [error, setError] = useState<ErrorInfo | undefined>(undefined);
  const account = replica.accounts.get(placeOf(id).accountId);
  const silence =
    settingValue(replica, "E2eeMode") === "required"
      ? encryptionRequired
      : isUnanswerable(placeOf(id).address)
        ? unanswerable
        : undefined;
  const silenced = silence !== undefined;
  const tooMany = text.length - maxBodyLength;
  const editing = conversation.editing.value;
  /** Text in the box before a message was edited. */
  const aside = useRef("");
  const saving = useRef(false);

  const draft = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let unsaved: string | undefined;
    const save = (): void => {
      clearTimeout(timer);
      if (unsaved === undefined) return;
      const draft = truncate(unsaved, maxBodyLength);
      unsaved = undefined;
      conversation.unkeptDraft = undefined;
      client.request("conversations.draft", { conversationId: id, text: draft }).catch(() => {
        conversation.unkeptDraft = draft;
      });
    };
    return {
      save,
      set(next: string) {
        unsaved = next;
        clearTimeout(timer);
        timer = setTimeout(save, draftDelay);
      },
    };
  }, [client, conversation, id]);
  const typing = useMemo(
    () =>
      createTypingReporter(
        (active) => void client.request("conversations.typing", { conversationId: id, active }).catch(() => undefined),
        () => performance.now(),
      ),
    [client, id],
  );

  // With the drawing: what is typed at once must not be lost, either.
  useLayoutEffect(() => {
    // What could not be kept when Hallway was locked is kept now.
    if (conversation.unkeptDraft !== undefined) draft.set(conversation.unkeptDraft);
    // The window may be closed before the draft is due.
    window.addEventListener("pagehide", draft.save);
    window.addEventListener("blur", draft.save);
    return () => {
      window.removeEventListener("pagehide", draft.save);
      window.removeEventListener("blur", draft.save);
      draft.save();
      typing.ended(false);
    };
  }, [conversation, draft, typing]);

  const focus = ui.focusComposer.value;
  useLayoutEffect(() => {
    const end = box.current?.value.length ?? 0;
    box.current?.focus({ preventScroll: true });
    box.current?.setSelectionRange(end, end);
  }, [focus]);

  // In place of what was being written comes the message that is edited, and goes again.
  const editedId = editing?.id;
  useLayoutEffect(() => {
    if (editedId === undefined) return undefined;
    const body = conversation.editing.peek()?.body ?? "";
    aside.current = box.current?.value ?? "";
    setText(conversation.editText.peek() ?? body);
    setError(undefined);
    ui.announcement.value = t("composer.editing");
    ui.focusComposer.value++;
    return () => {
      setText(aside.current);
      setError(undefined);
    };
  }, [editedId, conversation]);

  // Grows with its text up to a limit set in the style sheet.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const change = (next: string): void => {
    setText(next);
    setError(undefined);
    if (editing === undefined) draft.set(next);
    else conversation.editText.value = next;
    typing.typed(next.trim() === "");
  };

  const leave = (): void => {
    conversation.edit(undefined);
    ui.announcement.value = t("composer.editCancelled");
    ui.focusComposer.value++;
  };
  const save = async (message: MessageRecord, body: string, confirm: string | undefined): Promise<void> => {
    if (saving.current) return;
    saving.current = true;
    setError(undefined);
    try {
      await conversation.correct(message.id, body, confirm);
      conversation.edit(undefined);
      ui.announcement.value = t("message.edited");
      ui.focusComposer.value++;
    } catch (thrown) {
      setError(toErrorInfo(thrown));
    } finally {
      saving.current = false;
    }
  };

  const send = async (confirm?: string): Promise<void> => {
    const body = bodyOf(box.current?.value ?? text);
    if (body === undefined || silenced) return;
    if (editing !== undefined) return save(editing, body, confirm);
    typing.ended(true);
    // At once, for the next key may come before the next drawing.
    if (box.current !== null) box.current.value = "";
    setText("");
    setError(undefined);
    draft.set("");
    draft.save();
    try {
      ui.searched.value = undefined;
      await conversation.send(body, confirm);
    } catch (thrown) {
      // Nothing typed is ever lost: it goes back above what was typed since.
      setError(toErrorInfo(thrown));
      setText((since) => {
        const both = since === "" ? body : `${body}\n${since}`;
        draft.set(both);
        return both;
      });
    }
  };

  const sendLabel = t(editing === undefined ? "composer.send" : "composer.save");
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
        box.current?.focus();
      }}
    >
      {silence !== undefined && <Problem error={silence} />}
      {error !== undefined && !silenced && (
        <ContentNote
          error={error}
          onEdit={() => box.current?.focus()}
          onSend={(token) => {
            void send(token);
            box.current?.focus();
          }}
        />
      )}
      {editing !== undefined && (
        <div class="composer-editing">
          <Icon name="pencil" size={14} />
          <span class="composer-edited">
            {t("composer.editing")}
            <span class="sub" dir="auto">
              {editing.body}
            </span>
          </span>
          <button
            type="button"
            class="icon-button small"
            aria-label={t("button.cancel")}
            title={t("button.cancel")}
            onClick={leave}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
      <div class="composer-box">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={text}
          aria-label={t(editing === undefined ? "composer.label" : "composer.editingLabel", { name })}
          placeholder={t("composer.placeholder", { name })}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && editing !== undefined && !event.isComposing) {
              event.preventDefault();
              event.stopPropagation();
              leave();
              return;
            }
            if (
              editsLast(event) &&
              account?.facets.messages.correct &&
              editing === undefined &&
              conversation.editLast()
            ) {
              event.preventDefault();
              return;
            }
            if (!sends(event)) return;
            event.preventDefault();
            void send();
          }}
        />
        <button
          type="submit"
          class="send-button"
          aria-label={sendLabel}
          title={sendLabel}
          disabled={bodyOf(text) === undefined || silenced}
        >
          {editing === undefined ? <Icon name="send" size={18} class="mirrored" /> : <Icon name="check" size={18} />}
        </button>
      </div>
      <div class="composer-hint">
        <TypingLine id={conversation.id} name={name} />
        {tooMany > 0 ? (
          <span class="field-error">{t("composer.tooLong", { count: tooMany })}</span>
        ) : (
          <span class="composer-keys">{t(editing === undefined ? "composer.hint" : "composer.editingHint")}</span>
        )}
        {account !== undefined && (
          <span class="composer-from">
            {t("composer.from", { address: account.address, network: networkName(replica, account.protocol) })}
          </span>
        )}
      </div>
    </form>
  );
}

/**
 * Says that the other side is typing, in the place of the keys: it takes no room of its own, and nothing moves when it
 * comes and goes.
 */
function TypingLine({ id, name }: { readonly id: ConversationId; readonly name: string }) {
  const { replica, words } = useApp();
  // Whoever was typing when the connection was lost may have stopped since.
  const isConnected = replica.accounts.get(placeOf(id).accountId)?.state === "online";
  return (
    <span class="typing" role="status">
      {isConnected && replica.conversations.get(id)?.typing === true ? words.value.t("chat.typing", { name }) : ""}
    </span>
  );
}
