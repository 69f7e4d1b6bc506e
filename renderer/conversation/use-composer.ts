import type { RefObject } from "preact";
import { type Dispatch, type StateUpdater, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import { useApp } from "../state/app-context.ts";
import { bodyOf, TypingReporter } from "./composer-model.ts";
import { Draft } from "./draft.ts";
import type { Conversation } from "./model.ts";

/** State of the box that a message is written in, and what can be done with it. */
export interface ComposerState {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly error: ErrorInfo | undefined;
  /** The text became this. */
  change(next: string): void;
  /** Sends a new message, or saves the edited one. `confirm`: as in `Conversation.send`. */
  send(confirm?: string): Promise<void>;
  /** Stops editing; the message stays as it was. */
  leaveEditing(): void;
}

/** Begins with the draft that was kept; nothing that was typed is lost. */
export function useComposer(conversation: Conversation): ComposerState {
  const { replica, words, ui } = useApp();
  const { t } = words.value;
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(
    () => conversation.unkeptDraft ?? replica.conversations.peek(conversation.id)?.draft ?? "",
  );
  const [error, setError] = useState<ErrorInfo | undefined>(undefined);
  const { draft, typing } = useReports(conversation);
  const saving = useRef(false);
  const editing = conversation.editing.message.value;

  useFocus(box);
  useEditedText({ conversation, box, setText, setError });
  useGrowing(box, text);
  useFillIn(conversation.id, (filled) => {
    if (text !== "" || editing !== undefined) return;
    setText(filled);
    draft.set(filled);
  });

  const save = async (message: MessageRecord, body: string, confirm: string | undefined): Promise<void> => {
    if (saving.current) return;
    saving.current = true;
    setError(undefined);
    try {
      await conversation.editing.correct(message.id, body, confirm);
      conversation.editing.leave();
      ui.announcement.value = t("message.edited");
      ui.focusComposer.value++;
    } catch (thrown) {
      setError(toErrorInfo(thrown));
    } finally {
      saving.current = false;
    }
  };

  const sendNew = async (body: string, confirm: string | undefined): Promise<void> => {
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

  return {
    box,
    text,
    error,
    change(next) {
      setText(next);
      setError(undefined);
      if (editing === undefined) draft.set(next);
      else conversation.editing.text.value = next;
      typing.typed(next.trim() === "");
    },
    async send(confirm) {
      const body = bodyOf(box.current?.value ?? text);
      if (body !== undefined) await (editing === undefined ? sendNew(body, confirm) : save(editing, body, confirm));
    },
    leaveEditing() {
      conversation.editing.leave();
      ui.announcement.value = t("composer.editCancelled");
      ui.focusComposer.value++;
    },
  };
}

/** Reports to main of what is being written: the draft, and that the person is typing. */
function useReports(conversation: Conversation): { readonly draft: Draft; readonly typing: TypingReporter } {
  const { client } = useApp();
  const { id } = conversation;
  const draft = useMemo(() => new Draft(client, conversation), [client, conversation]);
  const typing = useMemo(
    () =>
      new TypingReporter(
        (active) => void client.request("conversations.typing", { conversationId: id, active }).catch(() => undefined),
        () => performance.now(),
      ),
    [client, id],
  );
  // With the drawing: what is typed at once must not be lost, either.
  useLayoutEffect(() => {
    const save = (): void => draft.save();
    // What could not be kept when Hallway was locked is kept now.
    if (conversation.unkeptDraft !== undefined) draft.set(conversation.unkeptDraft);
    // The window may be closed before the draft is due.
    window.addEventListener("pagehide", save);
    window.addEventListener("blur", save);
    return () => {
      window.removeEventListener("pagehide", save);
      window.removeEventListener("blur", save);
      save();
      typing.ended(false);
    };
  }, [conversation, draft, typing]);
  return { draft, typing };
}

/** The focus goes to the end of the text each time it is asked for. */
function useFocus(box: RefObject<HTMLTextAreaElement | null>): void {
  const focus = useApp().ui.focusComposer.value;
  useLayoutEffect(() => {
    const end = box.current?.value.length ?? 0;
    box.current?.focus({ preventScroll: true });
    box.current?.setSelectionRange(end, end);
  }, [focus]);
}

/** Hands on the text that a link fills in here. The person has not typed it, so nobody is told of typing. */
function useFillIn(id: ConversationId, fill: (text: string) => void): void {
  const { ui, typing } = useApp();
  const asked = ui.fillIn.value;
  useLayoutEffect(() => {
    if (asked?.conversationId !== id) return;
    ui.fillIn.value = undefined;
    // The Enter that opened the chat does not send it.
    typing.holdEnter();
    fill(asked.text);
  }, [asked, id]);
}

/** In place of what was being written comes the message that is edited, and goes again. */
function useEditedText(parts: {
  readonly conversation: Conversation;
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly setText: Dispatch<StateUpdater<string>>;
  readonly setError: Dispatch<StateUpdater<ErrorInfo | undefined>>;
}): void {
  const { conversation, box, setText, setError } = parts;
  const { words, ui } = useApp();
  const { editing } = conversation;
  /** Text in the box before a message was edited. */
  const aside = useRef("");
  const editedId = editing.message.value?.id;
  useLayoutEffect(() => {
    if (editedId === undefined) return undefined;
    const body = editing.message.peek()?.body ?? "";
    aside.current = box.current?.value ?? "";
    setText(editing.text.peek() ?? body);
    setError(undefined);
    ui.announcement.value = words.peek().t("composer.editing");
    ui.focusComposer.value++;
    return () => {
      setText(aside.current);
      setError(undefined);
    };
  }, [editedId, conversation]);
}

/** The box grows with its text up to a limit set in the style sheet. */
function useGrowing(box: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
}
