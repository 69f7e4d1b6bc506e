import { HallwayError } from "../../shared/errors.ts";
import type { AccountId, Protocol } from "../../shared/model/account.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { Connections } from "../networks/connections.ts";
import type { IncomingMessage, MessageChange } from "../networks/facets/messages.ts";
import type { Log } from "../networks/log.ts";
import type { Contacts } from "../store/contacts.ts";
import type { ServerArchiveRun } from "./archive-run.ts";
import type { Acknowledgement, Delivery, ReceivedEvent, ReceiveStage } from "./delivery.ts";
import type { Heard } from "./heard.ts";
import type { OutgoingSignal, Unplaced } from "./outgoing.ts";
import type { ProtectionMethod } from "./protection-method.ts";
import { Acknowledgements, acknowledge } from "./receive/acknowledge.ts";
import { admit, createAdmission } from "./receive/admit.ts";
import { gather } from "./receive/gather.ts";
import { inspect } from "./receive/inspect.ts";
import { type Notifications, notify } from "./receive/notify.ts";
import { type PublishParts, publish } from "./receive/publish.ts";
import { receipt } from "./receive/receipt.ts";
import { type StoreParts, store } from "./receive/store.ts";
import { unprotect } from "./receive/unprotect.ts";
import { compose, type StageHook } from "./stage.ts";

export interface ReceivingParts extends Omit<StoreParts, "admission">, PublishParts {
  readonly history: StoreParts["history"];
  readonly contacts: Pick<Contacts, "ensure">;
  readonly methods: readonly ProtectionMethod[];
  readonly guard: Pick<ContentGuard, "received">;
  readonly connections: Pick<Connections, "address">;
  readonly heard: Pick<Heard, "stored" | "notStored">;
  /** False while what comes gets to memory only, not to the files of the history and the record. */
  readonly keeps: () => boolean;
  readonly notifications: Notifications;
  readonly send: (item: Unplaced<OutgoingSignal>) => void;
  readonly hook?: StageHook | undefined;
  readonly log: Log;
}

/** A page of a server's archive, and the reading that it belongs to. */
export interface ArchivedPage {
  readonly messages: readonly IncomingMessage[];
  readonly changes: readonly MessageChange[];
  readonly isFirstSync: boolean;
  readonly run: ServerArchiveRun;
}

/** Stages of a message on its way from the network to the person, from top to bottom. */
function stages(parts: ReceivingParts): readonly ReceiveStage[] {
  const admission = createAdmission(parts);
  return [
    unprotect(parts),
    gather(),
    admit(admission),
    inspect(parts),
    store({ ...parts, admission }),
    acknowledge,
    notify(parts),
    publish(parts),
    receipt(parts),
  ];
}

/** Receives messages, changes of messages, receipts and chat states. */
export class Receiving {
  readonly #pass: (delivery: Delivery) => Promise<Delivery | undefined>;
  readonly #acknowledgements: Acknowledgements;
  readonly #log: Log;
  readonly #underway = new Set<Promise<void>>();

  constructor(parts: ReceivingParts) {
    const { hook = (_list, given) => given } = parts;
    const list = compose(hook("receive", stages(parts)));
    this.#pass = (delivery) => list(delivery, async () => undefined);
    this.#acknowledgements = new Acknowledgements(parts);
    this.#log = parts.log;
  }

  /** An item that came live. Resolves when it is stored, false: it could not be. */
  live(accountId: AccountId, protocol: Protocol, event: ReceivedEvent): Promise<boolean> {
    const acknowledgement = this.#acknowledgements.of(accountId, event);
    if (!acknowledgement) {
      this.#log.warn("An event was not taken: too many wait to be stored", { account: accountId, type: event.type });
      return Promise.resolve(false);
    }
    void this.#run({ accountId, protocol, items: [{ event }], acknowledgements: [acknowledgement] });
    return acknowledgement.done;
  }

  /** A page of the server's archive. Resolves when it is stored and shown. Error: `storage-failed`. */
  async archive(accountId: AccountId, protocol: Protocol, page: ArchivedPage): Promise<void> {
    const { messages, changes, isFirstSync, run } = page;
    const events: readonly ReceivedEvent[] = [
      ...messages.map((message) => ({ type: "message" as const, message })),
      ...changes.map((change) => ({ type: "change" as const, change })),
    ];
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const acknowledgement: Acknowledgement = {
      stored: () => resolve(true),
      failed: (error) => resolve(!(error instanceof HallwayError)),
    };
    const items = events.map((event) => ({ event }));
    await this.#run({ accountId, protocol, items, acknowledgements: [acknowledgement], run, isFirstSync });
    // The place in the archive stays before it, so that it is read again.
    if (!(await promise)) throw new HallwayError("storage-failed");
  }

  /** Resolves when everything received so far is stored and shown. */
  async idle(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
    await this.#acknowledgements.idle();
  }

  #run(delivery: Delivery): Promise<void> {
    const run = this.#through(delivery).finally(() => this.#underway.delete(run));
    this.#underway.add(run);
    return run;
  }

  async #through(delivery: Delivery): Promise<void> {
    try {
      const rest = await this.#pass(delivery);
      if (rest) void this.#run(rest);
    } catch (error) {
      this.#log.warn("An event could not be stored", { account: delivery.accountId, error });
      for (const acknowledgement of delivery.acknowledgements) acknowledgement.failed(error);
    }
  }
}
