import * as v from "valibot";
import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Args } from "../../shared/ipc/contract.ts";
import { AddressSchema, domainOf, isPersonal, isService, isUnanswerable } from "../../shared/model/address.ts";
import { type ContactId, parseContactId, type RequestRecord } from "../../shared/model/contact.ts";
import { directConversation } from "../../shared/model/conversation-id.ts";
import { parseAddress } from "../addressing/parse-address.ts";
import type { History } from "../history/history.ts";
import type { Connections } from "../networks/connections.ts";
import type { Blocklist } from "../store/blocklist.ts";
import type { Contacts } from "../store/contacts.ts";
import type { Conversations } from "../store/conversations.ts";
import type { Requests } from "../store/requests.ts";
import type { Tables } from "../store/tables.ts";
import { tellBlocks } from "./tell-blocks.ts";

/** Answers to strangers, and blocks. A block counts here at once, also offline; the network hears of it when it can. */
export interface Strangers {
  /** Errors: `not-found`, `not-allowed`, `offline`, and those of the network. */
  answer(answer: Args<"requests.answer">): Promise<void>;
  /** Error: `invalid-address`. */
  block(id: ContactId): Promise<void>;
  unblock(blockId: ContactId): Promise<void>;
}

export interface StrangersParts {
  readonly tables: Pick<Tables, "get">;
  readonly connections: Connections;
  readonly contacts: Contacts;
  readonly requests: Requests;
  readonly blocklist: Blocklist;
  readonly conversations: Conversations;
  readonly history: Pick<History, "conversations">;
}

export function createStrangers(parts: StrangersParts): Strangers {
  const { connections, requests, blocklist, conversations } = parts;
  return {
    async answer({ requestId, answer, groups }) {
      const request = requests.get(requestId);
      if (!request) throw new HallwayError("not-found");
      if (request.kind === "burst") return answerBurst(requests, request, answer);
      if (answer === "accept") await accept(parts, request, groups ?? []);
      else if (answer === "block") await refuse(parts, request);
      else await decline(parts, request);
      requests.settle(request.accountId, request.address);
    },
    async block(id) {
      const { accountId, address: written } = parseContactId(id);
      const protocol = connections.protocol(accountId);
      if (!v.is(AddressSchema, written)) throw new HallwayError("invalid-address");
      const address = isPersonal(written) ? parseAddress(written, protocol).address : written;
      if (address === connections.address(accountId)) throw new HallwayError("invalid-address");
      await requests.block(accountId, address);
      conversations.typing(directConversation(accountId, address), false);
      await tellBlocks(accountId, connections.get(accountId), blocklist);
    },
    async unblock(blockId) {
      const { accountId } = parseContactId(blockId);
      await blocklist.unblock(blockId);
      await tellBlocks(accountId, connections.get(accountId), blocklist);
    },
  };
}

type Answer = Args<"requests.answer">["answer"];

async function answerBurst(
  requests: Requests,
  { id, accountId, address }: RequestRecord,
  answer: Answer,
): Promise<void> {
  const domain = domainOf(address);
  if (answer === "accept" || (answer === "block" && domain === "*")) throw new HallwayError("not-allowed");
  await (answer === "block" ? requests.blockDomain(accountId, domain) : requests.dismiss(id));
}

async function accept(
  { tables, connections, contacts, conversations, history }: StrangersParts,
  { accountId, protocol, address, kind, name }: RequestRecord,
  groups: readonly string[],
): Promise<void> {
  const connection = connections.online(accountId);
  if (kind === "presence") await connection.contacts.accept(address);
  // Whoever cannot be answered is read, and is nobody to watch; nor is a service.
  if (!isUnanswerable(address) && !(isService(address) && tables.get("networks", protocol)?.services))
    await connection.contacts.add(address, name, groups);
  contacts.ensure(accountId, protocol, address);
  // What they wrote while they waited becomes a conversation now.
  const summary = (await history.conversations()).find(
    (one) => one.conversationId === directConversation(accountId, address),
  );
  if (summary) conversations.summary(summary);
}

async function refuse(
  { connections, requests, blocklist }: StrangersParts,
  { accountId, address, kind }: RequestRecord,
): Promise<void> {
  const connection = connections.get(accountId);
  // Here they are blocked whatever the server makes of it.
  await requests.block(accountId, address);
  const told = [
    ...(kind === "presence" ? [connection?.contacts.decline(address)] : []),
    tellBlocks(accountId, connection, blocklist),
  ];
  for (const one of await Promise.allSettled(told))
    if (one.status === "rejected" && toErrorInfo(one.reason).code !== "unsupported") throw one.reason;
}

async function decline(
  { connections, requests }: StrangersParts,
  { accountId, address, kind }: RequestRecord,
): Promise<void> {
  const { contacts } = connections.online(accountId);
  if (kind !== "presence") return;
  await contacts.decline(address).catch((error: unknown) => {
    // That they see us all the same is worth knowing, but there is nothing more to answer.
    if (toErrorInfo(error).code === "unsupported") requests.settle(accountId, address);
    throw error;
  });
}
