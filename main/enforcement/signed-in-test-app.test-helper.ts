import { randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import type { Result } from "../../shared/ipc/contract.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";
import type { TestAppOptions } from "./test-app.test-helper.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

/** A program in which me@x.example is signed in over XMPP and sees the contact list. */
export interface SignedInTestApp extends OpenTestApp {
  readonly network: RecordedNetwork;
  readonly accountId: string;
  /** The id of a person of this account, and of the conversation with them. */
  id(peer: string): string;
  send(peer: string, body: string): Promise<Result<"messages.send">>;
  /** Texts that the window shows of a conversation, oldest first. */
  texts(peer: string): Promise<string[]>;
}

export async function openSignedInTestApp(
  contacts: readonly string[],
  options: Omit<TestAppOptions, "folder" | "networks"> = {},
): Promise<SignedInTestApp> {
  const network = createRecordedNetwork("xmpp", contacts);
  const testApp = await openTestApp({ ...options, networks: () => [network] });
  const { accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  });
  await vi.waitFor(async () =>
    expect((await testApp.request("app.snapshot", {})).tables.contacts).toHaveLength(contacts.length),
  );
  const id = (peer: string): string => `${accountId}|${peer}`;
  return {
    ...testApp,
    network,
    accountId,
    id,
    send: (peer, body) => testApp.request("messages.send", { conversationId: id(peer), messageId: randomUUID(), body }),
    texts: async (peer) =>
      (await testApp.request("conversations.open", { conversationId: id(peer), limit: 50 })).messages.map(
        ({ body }) => body,
      ),
  };
}
