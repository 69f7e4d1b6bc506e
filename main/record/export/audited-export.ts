import { toErrorInfo } from "../../../shared/errors.ts";
import type { SearchAuthor } from "../../../shared/model/search-author.ts";
import type { Audit } from "../audit/audit.ts";
import { type ExportOptions, type RunningExport, startExport } from "./start-export.ts";

/**
 * Makes an export that the audit log knows of: nothing is written before its start is on record, and how it ended
 * follows. What was searched for is not in it. Errors: those of `audit.record`, when it cannot be recorded.
 */
export async function auditedExport({
  audit,
  ...options
}: ExportOptions & { readonly audit: Audit }): Promise<RunningExport> {
  const { format, maker, query, target } = options;
  const about = {
    by: maker.madeBy,
    user: maker.user,
    ...(maker.authorizedBy === undefined ? {} : { authorizedBy: maker.authorizedBy }),
    format,
    folder: target,
  };
  await audit.record({
    kind: "export",
    action: "started",
    details: {
      ...about,
      account: query.accountId ?? null,
      conversation: query.conversationId ?? null,
      with: query.peers?.join(" ") ?? null,
      from: query.from ?? null,
      to: query.to ?? null,
      direction: query.direction ?? null,
      authors: query.authors?.map(authorName).join(" ") ?? null,
      words: query.text !== undefined,
      deleted: query.deleted === true,
    },
  });
  const running = startExport(options);
  const result = running.result.then(
    async (counts) => {
      await (counts
        ? audit.record({ kind: "export", action: "finished", details: { ...about, ...counts } })
        : audit.record({ kind: "export", action: "cancelled", details: about }));
      return counts;
    },
    async (error: unknown) => {
      await audit.record({ kind: "export", action: "failed", details: { ...about, error: toErrorInfo(error).code } });
      throw error;
    },
  );
  return { result, cancel: () => running.cancel() };
}

/** Author as the audit log names them. */
function authorName(author: SearchAuthor): string {
  if ("isSelf" in author) return "self";
  return "address" in author ? author.address : `${author.occupant} in ${author.conversationId}`;
}
