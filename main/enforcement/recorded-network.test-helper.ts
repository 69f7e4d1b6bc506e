import { HallwayError } from "../../shared/errors.ts";
import { directAuthor } from "../../shared/model/author.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { RosterItem } from "../networks/facets/contacts.ts";
import type {
  IncomingMessage,
  MessageChange,
  OutgoingCorrection,
  OutgoingMessage,
  OutgoingRetraction,
  Receipt,
} from "../networks/facets/messages.ts";
import type { Network, SignedIn } from "../networks/network.ts";
import { simpleDescription } from "../networks/simple/description.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";

/**
 * A network without a wire: what the program does on it is written down, and what happens on it is told to the program.
 */
export interface RecordedNetwork extends Network {
  readonly messages: readonly OutgoingMessage[];
  readonly corrections: readonly OutgoingCorrection[];
  readonly retractions: readonly OutgoingRetraction[];
  readonly receipts: readonly Receipt[];
  readonly typing: readonly { readonly to: string; readonly active: boolean }[];
  /** Passwords that were signed in with, in order; a sign-in without one is refused. */
  readonly passwords: readonly string[];
  /** Passwords that the server refuses. */
  readonly refused: Set<string>;
  /** Messages in the server archive; each sign-in reads all of it. */
  readonly archive: ReceivedMessage[];
  /** Changes in the server archive, after the messages. */
  readonly archivedChanges: MessageChange[];
  /** Addresses added to the list. */
  readonly added: readonly string[];
  /** Addresses asked again to show their presence. */
  readonly askedAgain: readonly string[];
  /** Addresses blocked on the server. */
  readonly blocked: Set<string>;
  /** Presences that were announced. */
  readonly presences: readonly OwnPresence[];
  /** Something happens on the connection of the last account. */
  emit(event: NetworkEvent): void;
  /** A live message that asks for receipts. */
  receive(message: ReceivedMessage): void;
}

/** A message of which only what matters is said. */
type ReceivedMessage = Partial<Omit<IncomingMessage, "author">> &
  Pick<IncomingMessage, "peer" | "body" | "id"> & { readonly author?: IncomingMessage["author"] };

const usual = {
  direction: "in",
  archiveId: undefined,
  at: undefined,
  delayed: false,
  via: "live",
  wantsDelivered: true,
  wantsRead: true,
} as const satisfies Partial<IncomingMessage>;

function complete(message: ReceivedMessage, own: string): IncomingMessage {
  const author = directAuthor(message.direction ?? usual.direction, { own, peer: message.peer });
  return { ...usual, author, ...message };
}

/** Every account signs in at once and has `contacts` in its list, each of whom shares presence both ways. */
export function createRecordedNetwork(protocol: "xmpp" | "simple", contacts: readonly string[]): RecordedNetwork {
  const messages: OutgoingMessage[] = [];
  const corrections: OutgoingCorrection[] = [];
  const retractions: OutgoingRetraction[] = [];
  const archivedChanges: MessageChange[] = [];
  const receipts: Receipt[] = [];
  const typing: { to: string; active: boolean }[] = [];
  const passwords: string[] = [];
  const refused = new Set<string>();
  const added: string[] = [];
  const askedAgain: string[] = [];
  const archive: ReceivedMessage[] = [];
  const presences: OwnPresence[] = [];
  const blocked = new Set<string>();
  let own = "me@x.example";
  let emit: (event: NetworkEvent) => void = () => undefined;
  const nothing = async (): Promise<void> => undefined;
  const items = contacts.map(
    (address): RosterItem => ({ address, name: undefined, groups: [], subscription: "both", asked: false }),
  );
  return {
    description: protocol === "xmpp" ? xmppDescription : simpleDescription,
    messages,
    corrections,
    retractions,
    archivedChanges,
    receipts,
    typing,
    passwords,
    refused,
    added,
    askedAgain,
    archive,
    presences,
    blocked,
    emit: (event) => emit(event),
    receive(message) {
      emit({ type: "message", message: complete(message, own) });
    },
    discover: async () => [],
    open({ address }, { credentials, emit: tell }) {
      own = address;
      emit = tell;
      return {
        async connect(presence): Promise<SignedIn> {
          const password = await credentials.password();
          if (password === undefined) throw new HallwayError("password-needed");
          if (refused.has(password)) throw new HallwayError("wrong-password");
          passwords.push(password);
          presences.push(presence);
          queueMicrotask(() => tell({ type: "roster", items }));
          return {
            resumed: false,
            security: "TLSv1.3",
            endpoint: { host: "server.example", port: 5222, transport: "starttls" },
          };
        },
        disconnect: nothing,
        close: () => undefined,
        presence: { set: async (presence) => void presences.push(presence) },
        contacts: {
          add: async (address) => void added.push(address),
          ask: async (address) => void askedAgain.push(address),
          update: nothing,
          remove: nothing,
          accept: nothing,
          decline: nothing,
        },
        blocking: {
          everyDevice: false,
          block: async (address) => void blocked.add(address),
          unblock: async (address) => void blocked.delete(address),
        },
        messages: {
          send: async (message) => void messages.push(message),
          correct: async (correction) => void corrections.push(correction),
          retract: async (retraction) => void retractions.push(retraction),
          sendTyping: (to, active) => void typing.push({ to, active }),
          sendReceipt: (receipt) => void receipts.push(receipt),
        },
        archive: {
          async catchUp(_since, take) {
            if (archive.length + archivedChanges.length > 0)
              await take({
                messages: archive.map((message) =>
                  complete({ via: "archive", archiveId: `archive-${message.id}`, ...message }, own),
                ),
                changes: archivedChanges,
                mark: "mark",
                exact: false,
              });
          },
          markAt: (archiveId) => archiveId,
        },
        check: () => undefined,
      };
    },
  };
}
