import { useEffect, useState } from "preact/hooks";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { type ExportFormat, type ExportQuery, type ExportState, exportFormats } from "../../shared/model/export.ts";
import { managementOf } from "../policy/managed.ts";
import { ManagedNote } from "../policy/managed-note.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Problem } from "../widgets/problem.tsx";

export interface ExportDialogProps {
  readonly conversationId?: ConversationId;
  /** Query of a search whose results may be exported. */
  readonly results?: ExportQuery;
  readonly onClose: () => void;
}

/**
 * Exports what was said: what, as what, how far it is, where it lies. It may be closed meanwhile; the export goes on.
 */
export function ExportDialog({ conversationId, results, onClose }: ExportDialogProps) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const state = replica.app.get("app")?.export;
  const allowed = settingValue(replica, "HistoryExportEnabled");
  const management = managementOf(replica, replica.settings.get("HistoryExportEnabled"));
  const now = JSON.stringify(state) ?? "";
  /** How an earlier export ended is not shown; how this one does, is. */
  const [earlier, setEarlier] = useState(state?.state === "running" ? "" : now);
  useEffect(() => {
    if (state?.state === "running") setEarlier("");
  }, [state?.state]);
  return (
    <Dialog title={t("export.heading")} onClose={onClose}>
      {state?.state === "running" ? (
        <Running state={state} />
      ) : state !== undefined && now !== earlier ? (
        <Ended state={state} onAgain={() => setEarlier(now)} onClose={onClose} />
      ) : allowed ? (
        <Choice
          {...(conversationId === undefined ? {} : { conversationId })}
          {...(results === undefined ? {} : { results })}
          onClose={onClose}
        />
      ) : (
        <div class="form">
          <p>{t("refused.HistoryExportEnabled")}</p>
          {management !== undefined && <ManagedNote management={management} />}
        </div>
      )}
    </Dialog>
  );
}

type Scope = "results" | "conversation" | "everything";

function Choice({ conversationId, results, onClose }: ExportDialogProps) {
  const { client, replica, words, actions } = useApp();
  const { t } = words.value;
  const scopes: readonly Scope[] = [
    ...(results ? ["results" as const] : []),
    ...(conversationId === undefined ? [] : ["conversation" as const]),
    "everything",
  ];
  const [scope, setScope] = useState<Scope>(scopes[0] ?? "everything");
  const [format, setFormat] = useState<ExportFormat>("html");
  const task = useTask();
  const asks = replica.app.get("app")?.host === "electron";
  const query = (): ExportQuery =>
    scope === "results"
      ? (results ?? {})
      : scope === "conversation" && conversationId !== undefined
        ? { conversationId }
        : {};

  const submit = async (): Promise<void> => {
    await task.run(() => client.request("history.export", { format, query: query() }));
  };

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset class="choices">
        <legend>{t("export.what")}</legend>
        {scopes.map((one, index) => (
          <label key={one} class="choice">
            <input
              type="radio"
              name="export-scope"
              checked={scope === one}
              data-autofocus={index === 0}
              disabled={task.busy}
              onChange={() => setScope(one)}
            />
            <span dir="auto">
              {one === "conversation" && conversationId !== undefined
                ? t("export.what.conversation", { name: actions.nameOf(conversationId) })
                : t(one === "results" ? "export.what.results" : "export.what.everything")}
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>{t("export.format")}</legend>
        {formatsInOrder.map((one) => (
          <label key={one} class="choice">
            <input
              type="radio"
              name="export-format"
              checked={format === one}
              disabled={task.busy}
              onChange={() => setFormat(one)}
            />
            <span>
              {t(`export.format.${one}`)}
              <span class="choice-hint">{t(`export.format.${one}.hint`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p class="field-hint">{t("export.care")}</p>
      <p class="field-hint">{t(asks ? "export.willAsk" : "export.willBe")}</p>
      {task.error !== undefined && <Problem error={task.error} />}
      <DialogButtons submit={t("export.do")} busy={task.busy} onCancel={onClose} />
    </form>
  );
}

/** For reading first. */
const formatsInOrder: readonly ExportFormat[] = [
  "html",
  "csv",
  ...exportFormats.filter((format) => format !== "html" && format !== "csv"),
];

function Running({ state }: { readonly state: ExportState }) {
  const { client, words } = useApp();
  const { t } = words.value;
  const task = useTask();
  const { messages, total } = state;
  const text =
    total === undefined
      ? t("export.progress", { count: messages })
      : t("export.progressOf", { count: total, done: messages });
  return (
    <div class="form">
      <p>{t("export.running")}</p>
      <progress
        class="key-progress"
        {...(total === undefined ? {} : { value: Math.min(messages, total), max: Math.max(total, 1) })}
        aria-label={t("export.running")}
        aria-valuetext={text}
      />
      <p class="field-hint">{text}</p>
      {task.error !== undefined && <Problem error={task.error} />}
      <div class="buttons">
        <button
          type="button"
          class="button"
          data-autofocus={true}
          disabled={task.busy}
          onClick={() => void task.run(() => client.request("history.cancelExport", {}))}
        >
          {t("export.stop")}
        </button>
      </div>
    </div>
  );
}

function Ended({
  state,
  onAgain,
  onClose,
}: {
  readonly state: ExportState;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}) {
  const { client, replica, words, ui } = useApp();
  const { t } = words.value;
  const task = useTask();
  const said =
    state.state === "done"
      ? t("export.done", { count: state.messages })
      : state.state === "cancelled"
        ? t("export.stopped")
        : "";
  useEffect(() => {
    if (said !== "") ui.announcement.value = said;
  }, [said, ui]);
  return (
    <div class="form">
      {said !== "" && <p>{said}</p>}
      {state.error !== undefined && <Problem error={state.error} />}
      {state.folder !== undefined && (
        <p>
          {t("export.where")} <bdi class="export-folder">{state.folder}</bdi>
        </p>
      )}
      {state.folder !== undefined && <p class="field-hint">{t("export.signed")}</p>}
      {task.error !== undefined && <Problem error={task.error} />}
      <div class="buttons">
        {state.state !== "done" && (
          <button type="button" class="button" onClick={onAgain}>
            {t("export.again")}
          </button>
        )}
        {state.folder !== undefined && replica.app.get("app")?.host === "electron" && (
          <button
            type="button"
            class="button"
            disabled={task.busy}
            onClick={() => void task.run(() => client.request("history.showExport", {}))}
          >
            {t("export.show")}
          </button>
        )}
        <button type="button" class="button primary" data-autofocus={true} onClick={onClose}>
          {t("button.close")}
        </button>
      </div>
    </div>
  );
}
