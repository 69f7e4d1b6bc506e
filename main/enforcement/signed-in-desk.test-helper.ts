import { randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import type { Result } from "../../shared/ipc/contract.ts";
import type { DeskOptions } from "./desk.test-helper.ts";
import { type OpenDesk, openDesk } from "./desks.test-helper.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";

/** A program in which me@x.example is signed in over XMPP and sees the contact list. */
export interface SignedInDesk extends OpenDesk {
  readonly network: RecordedNetwork;
  readonly accountId: string;
  /** The id of a person of this account, and of the conversation with them. */
  id(peer: string): string;
  send(peer: string, body: string): Promise<Result<"messages.send">>;
  /** What the window shows of a conversation, oldest first. */
  texts(peer: string): Promise<string[]>;
}

export async function openSignedInDesk(
  contacts: readonly string[],
  options: Omit<DeskOptions, "folder" | "networks"> = {},
): Promise<SignedInDesk> {
  const network = createRecordedNetwork("xmpp", contacts);
  const desk = await openDesk({ ...options, networks: () => new Map([["xmpp", network]]) });
  const { accountId } = await desk.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  });
  await vi.waitFor(async () =>
    expect((await desk.request("app.snapshot", {})).tables.contacts).toHaveLength(contacts.length),
  );
  const id = (peer: string): string => `${accountId}|${peer}`;
  return {
    ...desk,
    network,
    accountId,
    id,
    send: (peer, body) => desk.request("messages.send", { conversationId: id(peer), messageId: randomUUID(), body }),
    texts: async (peer) =>
      (await desk.request("conversations.open", { conversationId: id(peer), limit: 50 })).messages.map(
        ({ body }) => body,
      ),
  };
}
