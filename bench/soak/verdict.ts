import type { MessageRecord } from "../../shared/model/message.ts";
import type { Colleague } from "./colleague.ts";
import { allOnline } from "./incidents.ts";
import type { Finding } from "./ledger.ts";
import type { Workstation } from "./workstation.ts";

/** How long the last messages may take to arrive, in milliseconds. */
const patience = 120_000;
const mostSearches = 100;

/** Waits until all is delivered, then compares the history and what colleagues received with what was said. */
export async function judge(workstation: Workstation, conversations: ReadonlyMap<Colleague, string>): Promise<readonly Finding[]> {
  await workstation.until("online", allOnline);
  const findings: Finding[] = [];
  for (const [colleague, conversationId] of conversations) {
    const name = (finding: Finding): Finding => ({ ...finding, what: `${colleague.name}: ${finding.what}` });
    const received = await lastOf(
      async () => colleague.ledger.checkReceived(colleague.received()),
      (found) => !found.some(({ kind }) => kind === "lost"),
    );
    const stored = await lastOf(
      async () => colleague.ledger.check(await wholeHistory(workstation, conversationId)),
      (found) => found.length === 0,
    );
    findings.push(...received.map((finding) => name({ ...finding, what: `${finding.what}, as they received it` })), ...stored.map(name));
    const deleted = [...colleague.ledger.lines("in"), ...colleague.ledger.lines("out")].filter(({ fate }) => fate === "deleted").slice(-mostSearches);
    for (const { body } of deleted) {
      const { hits } = await workstation.ask("history.search", { text: body, limit: 20 });
      if (hits.some(({ message }) => message.body === body)) findings.push(name({ kind: "came back", what: `${body}, in the search` }));
    }
  }
  return findings;
}

/** Looks again until it is good, or there is no use in waiting any longer. */
async function lastOf<T>(look: () => Promise<T>, good: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + patience / 8;
  for (;;) {
    const seen = await look();
    if (good(seen) || Date.now() > end) return seen;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function wholeHistory(workstation: Workstation, conversationId: string): Promise<readonly MessageRecord[]> {
  const all: MessageRecord[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await workstation.ask("conversations.page", { conversationId, limit: 200, ...(last ? { after: last.id } : { oldest: true }) });
    all.push(...page.messages);
    if (!page.after || page.messages.length === 0) return all;
  }
}
