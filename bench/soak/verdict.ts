import type { MessageRecord } from "../../shared/model/message.ts";
import type { Colleague } from "./colleague.ts";
import { allOnline } from "./incidents.ts";
import type { Finding } from "./ledger.ts";
import type { Workstation } from "./workstation.ts";

/** How long nothing may get better before it is called final, in milliseconds: what waits for its turn is not lost. */
const patience = 20_000;
const mostSearches = 100;

/** Checks that failed, and which stored messages stand behind later ones, which no check forbids. */
interface Verdict {
  readonly findings: readonly Finding[];
  readonly overtaken: readonly string[];
}

/** Waits until all is delivered, then compares the history and what colleagues received with what was said. */
export async function judge(workstation: Workstation, conversations: ReadonlyMap<Colleague, string>): Promise<Verdict> {
  await workstation.until("online", allOnline);
  const findings: Finding[] = [];
  const overtaken: string[] = [];
  for (const [colleague, conversationId] of conversations) {
    colleague.noteStored();
    const name = (finding: Finding): Finding => ({ ...finding, what: `${colleague.name}: ${finding.what}` });
    const received = await lastOf(
      async () => colleague.ledger.checkReceived(colleague.received()),
      (found) => found.length,
    );
    const stored = await lastOf(
      async () => colleague.ledger.check(await wholeHistory(workstation, conversationId)),
      (found) => found.length,
    );
    const behind = colleague.ledger.overtaken(await wholeHistory(workstation, conversationId));
    overtaken.push(...behind.map((what) => `${colleague.name}: ${what}`));
    findings.push(
      ...received.map((finding) => name({ ...finding, what: `${finding.what}, as they received it` })),
      ...stored.map(name),
    );
    const deleted = [...colleague.ledger.lines("in"), ...colleague.ledger.lines("out")]
      .filter(({ fate }) => fate === "deleted")
      .slice(-mostSearches);
    for (const { body } of deleted) {
      const { hits } = await workstation.ask("history.search", { text: body, limit: 20 });
      if (hits.some(({ message }) => message.body === body))
        findings.push(name({ kind: "came back", what: `${body}, in the search` }));
    }
  }
  return { findings, overtaken };
}

/** Looks again until nothing is left, or as long as there is less each time. `left`: how much there is. */
async function lastOf<T>(look: () => Promise<T>, left: (seen: T) => number): Promise<T> {
  let fewest = Number.POSITIVE_INFINITY;
  let since = Date.now();
  for (;;) {
    const seen = await look();
    const now = left(seen);
    if (now < fewest) since = Date.now();
    fewest = Math.min(fewest, now);
    if (now === 0 || Date.now() - since > patience) return seen;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function wholeHistory(workstation: Workstation, conversationId: string): Promise<readonly MessageRecord[]> {
  const all: MessageRecord[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await workstation.ask("conversations.page", {
      conversationId,
      limit: 200,
      ...(last ? { after: last.id } : { oldest: true }),
    });
    all.push(...page.messages);
    if (!page.after || page.messages.length === 0) return all;
  }
}
