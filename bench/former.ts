import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A file of the program that moved, with what else was called otherwise in checkouts from before it did. */
interface Move {
  readonly file: string;
  /** Texts of the bench, each with the one that it has to be for such a checkout. */
  readonly texts: readonly (readonly [now: string, before: string])[];
}

const moves: readonly Move[] = [
  {
    file: "main/app/app.ts",
    texts: [
      ["/main/app/app.ts", "/main/app.ts"],
      ["app.services()", "app.accounts()"],
      ["createTestHome", "createDesk"],
      ["TestHome", "Desk"],
    ],
  },
  {
    file: "main/app/start-database-worker.ts",
    texts: [["/main/app/start-database-worker.ts", "/main/history/database-worker.ts"]],
  },
  {
    file: "shared/model/conversation-id.ts",
    texts: [
      [
        'import { directConversation, placeOf } from "../../shared/model/conversation-id.ts";',
        'import { contactId as directConversation } from "../../shared/model/contact.ts"; const placeOf = () => undefined;',
      ],
      [
        'import { directConversation } from "../../shared/model/conversation-id.ts";',
        'import { contactId as directConversation } from "../../shared/model/contact.ts";',
      ],
    ],
  },
  {
    file: "main/database/database.ts",
    texts: [["/main/database/database.ts", "/main/history/store/database.ts"]],
  },
  {
    file: "main/networks/connection-rules.ts",
    texts: [["/main/networks/connection-rules.ts", "/main/networks/network.ts"]],
  },
  { file: "main/networks/environment.ts", texts: [["/main/networks/environment.ts", "/main/networks/network.ts"]] },
];

/** Has a copy of the bench call things as a checkout does that is older than their names. */
export async function useFormerNames(bench: string, checkout: string): Promise<void> {
  const texts = moves.filter(({ file }) => !existsSync(join(checkout, file))).flatMap((move) => move.texts);
  if (texts.length === 0) return;
  for (const name of await readdir(bench, { recursive: true })) {
    if (!name.endsWith(".ts")) continue;
    const path = join(bench, name);
    const text = await readFile(path, "utf8");
    await writeFile(
      path,
      texts.reduce((result, [now, before]) => result.replaceAll(now, before), text),
    );
  }
}
