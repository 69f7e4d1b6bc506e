import * as v from "valibot";
import type { ErrorInfo } from "../../shared/errors.ts";
import { ContentFindingSchema } from "../../shared/model/content.ts";
import type { Words } from "../../shared/words/words.ts";
import { useWords } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";

export interface ContentNoteProps {
  readonly error: ErrorInfo;
  readonly onEdit: () => void;
  /** Sends the same text after all, with the token that main gave for it. */
  readonly onSend: (token: string) => void;
}

/**
 * Why a message was not sent. What rules of the organization found is said in one line, with what can be done about it.
 */
export function ContentNote({ error, onEdit, onSend }: ContentNoteProps) {
  const words = useWords();
  const { t } = words;
  const sentence = sentenceOf(words, error);
  if (sentence === undefined) return <Problem error={error} />;
  const token = error.code === "content-warning" ? error.params?.["token"] : undefined;
  return (
    <div class="problem" role="alert">
      <Icon name="alert" size={18} />
      <div class="problem-text">
        <p class="problem-what">{sentence}</p>
        <div class="problem-actions">
          <button type="button" class="link-button" onClick={onEdit}>
            {t("content.edit")}
          </button>
          {typeof token === "string" && (
            <button type="button" class="link-button" onClick={() => onSend(token)}>
              {t("content.sendAnyway")}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

/** Undefined: it is not about what a rule found. */
function sentenceOf({ t }: Words, { code, params = {} }: ErrorInfo): string | undefined {
  if (code !== "content-blocked" && code !== "content-warning") return undefined;
  const { rule, message } = params;
  if (message !== undefined)
    return t(code === "content-blocked" ? "content.notSentOwn" : "content.checkOwn", { message, rule });
  const finding = v.safeParse(ContentFindingSchema, params["finding"]);
  if (!finding.success) return undefined;
  return t(code === "content-blocked" ? "content.notSent" : "content.check", {
    finding: t(`content.finding.${finding.output}`),
    rule,
  });
}
