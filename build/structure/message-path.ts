import { randomUUID } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Protocol } from "../../shared/model/account.ts";
import { bob, sipPeer, xmppPeer } from "./scripted-peers.ts";
import { type Program, startProgram } from "./windowless-program.ts";

/** Files of main that one message of each direction passes through, by their paths in the checkout. */
export interface MessagePath {
  readonly incoming: readonly string[];
  readonly outgoing: readonly string[];
}

/** Between two looks at what has run, in milliseconds. */
const pauseMs = 30;
/** Longer than the timers after which a message's marks and contacts are written, in milliseconds. */
const timersMs = 600;
/** The first ones load what they need; the others are counted. */
const bodies = ["one", "two", "three", "four", "five"];
const uncounted = 2;

/**
 * Sends and receives messages over a real connection to a scripted server, and notes what each of the counted ones
 * runs: what runs for one of them and not for another is a timer or the end of the sign-in that happens to fall into
 * its time, and no part of the path. Nor is what a message causes later by a timer of its own: before the next one is
 * counted, such timers have run.
 */
async function measure(checkout: string, protocol: Protocol): Promise<MessagePath> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-message-path-"));
  const peer = await (protocol === "xmpp" ? xmppPeer(checkout) : sipPeer(checkout));
  const program = await startProgram(checkout, folder);
  try {
    const listed = program.op((op) => op.op === "put" && op.table === "contacts");
    const password = "secret";
    const account = { address: "alice@example.test", password, protocol, server: peer.server };
    const { accountId } = await program.request<{ accountId: string }>("accounts.add", account);
    if (protocol === "simple") await program.request("contacts.add", { accountId, address: bob, groups: [] });
    await listed;
    const paths: MessagePath[] = [];
    let conversationId = "";
    for (const body of bodies) {
      await timersOver(checkout, program);
      const shown = program.op((op) => op.op !== "remove" && op.table === "conversations");
      await Promise.all([shown, peer.say(body)]);
      const incoming = await filesUntilQuiet(checkout, program);
      conversationId = (await shown).id;
      await timersOver(checkout, program);
      const sent = program.op((op) => op.op !== "forget" && op.table === "conversations");
      const message = { conversationId, messageId: randomUUID(), body: `re: ${body}` };
      await Promise.all([program.request("messages.send", message), sent, peer.heard(message.body)]);
      const outgoing = await filesUntilQuiet(checkout, program);
      paths.push({ incoming, outgoing });
    }
    const counted = paths.slice(uncounted);
    return {
      incoming: inAll(counted.map(({ incoming }) => incoming)),
      outgoing: inAll(counted.map(({ outgoing }) => outgoing)),
    };
  } finally {
    await program.app.stop();
    await peer.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files that are in each of the lists. */
const inAll = ([first = [], ...others]: readonly (readonly string[])[]): readonly string[] =>
  first.filter((file) => others.every((list) => list.includes(file)));

/** Resolves when nothing of the messages before is left to run. */
async function timersOver(checkout: string, program: Program): Promise<void> {
  await setTimeout(timersMs);
  await filesUntilQuiet(checkout, program);
}

/** Files of main that have run since the last call, up to a moment in which none does any more. */
async function filesUntilQuiet(checkout: string, program: Program): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let quiet = 0; quiet < 2; ) {
    await setTimeout(pauseMs);
    const files = (await program.files()).map((file) => relative(checkout, file)).filter((path) => isProduct(path));
    for (const file of files) found.add(file);
    quiet = files.length === 0 ? quiet + 1 : 0;
  }
  return [...found].sort();
}

const isProduct = (path: string): boolean => path.startsWith("main/") && !/\.test-helper\.|\/testing\//.test(path);

if (import.meta.main) {
  const [checkout = "", protocol] = process.argv.slice(2);
  console.log(JSON.stringify(await measure(await realpath(checkout), protocol === "xmpp" ? "xmpp" : "simple")));
}
