import { randomUUID } from "node:crypto";
import type { Peer } from "../../e2e/peers/peers.ts";
import type { Protocol } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import { Ledger } from "./ledger.ts";
import type { StoreWatch } from "./store-watch.ts";

/** How long a colleague waits before the next try to sign in, in milliseconds. */
const pause = 500;
/** Tries to hand one message to the server. A server that restarts takes a few. */
const mostTries = 40;

/**
 * Somebody whom the person talks with, over one network. Signs in again after every loss, and says one thing at a time:
 * the next only when the server has the one before, so that the order in which they were said is known.
 */
export class Colleague {
  readonly protocol: Protocol;
  readonly name: string;
  readonly ledger = new Ledger();
  readonly #peer: Peer;
  readonly #stored: Pick<StoreWatch, "has">;
  readonly #person: string;
  readonly #unlisten: () => void;
  #online: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();
  #ended = false;
  #presence: OwnPresence = { availability: "available" };

  constructor(parts: {
    readonly peer: Peer;
    readonly protocol: Protocol;
    readonly name: string;
    readonly person: string;
    /** Messages that their server stored. */
    readonly stored: Pick<StoreWatch, "has">;
  }) {
    const { peer, protocol, name, person, stored } = parts;
    this.#stored = stored;
    this.protocol = protocol;
    this.name = name;
    this.#peer = peer;
    this.#person = person;
    this.#unlisten = peer.onEvent(({ type }) => {
      if (type === "connection-lost") this.#online = this.#signIn();
    });
  }

  get address(): string {
    return this.#peer.address;
  }

  /** Bodies that came in, each id once, in the order of their arrival. */
  received(): readonly string[] {
    return this.#peer.received(this.#person);
  }

  /** Resolves when the server has it. It stands in the ledger from the moment when it was its turn. */
  say(body: string, fate?: "unkept"): Promise<void> {
    return this.#inTurn(async () => {
      const id = randomUUID();
      const line = this.ledger.say("in", body, { id, fate: fate ?? "doubtful" });
      await this.#untilTaken(() => this.#peer.send(id, this.#person, body).then(() => id));
      if (fate === undefined && line.fate === "doubtful") line.fate = "kept";
    });
  }

  /** Corrects the last message that still stands as it was said; XMPP only. */
  correct(): Promise<void> {
    return this.#inTurn(async () => {
      const line = this.ledger.lines("in").findLast(({ fate }) => fate === "kept");
      const target = line?.id;
      if (!line || target === undefined || line.body !== line.first) return;
      const body = `${line.first} (put right)`;
      line.body = body;
      await this.#untilTaken(() => this.#peer.correct(this.#person, target, body));
    });
  }

  /** Takes the last message back; XMPP only. */
  retract(): Promise<void> {
    return this.#inTurn(async () => {
      const line = this.ledger.lines("in").findLast(({ fate }) => fate === "kept");
      const target = line?.id;
      if (!line || target === undefined) return;
      line.fate = "retracted";
      await this.#untilTaken(() => this.#peer.retract(this.#person, target));
    });
  }

  async show(presence: OwnPresence): Promise<void> {
    this.#presence = presence;
    await this.#online;
    await this.#peer.setPresence(presence).catch(() => undefined);
  }

  async type(active: boolean): Promise<void> {
    await this.#online;
    await this.#peer.typing(this.#person, active).catch(() => undefined);
  }

  /** Notes in the ledger which messages the server stored, as far as has been heard. */
  noteStored(): void {
    for (const direction of ["in", "out"] as const)
      for (const line of this.ledger.lines(direction)) line.stored = this.#stored.has(line.id);
  }

  /** Resolves when everything that it was asked to say is said. */
  async settle(): Promise<void> {
    await this.#turn;
    await this.#online;
  }

  end(): void {
    this.#ended = true;
    this.#unlisten();
  }

  async #signIn(): Promise<void> {
    while (!this.#ended) {
      try {
        await this.#peer.connect(this.#presence);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** `hand` gives something to the network and answers its id; it is given again until the server has it. */
  async #untilTaken(hand: () => Promise<string>): Promise<void> {
    for (let tries = 0; tries < mostTries && !this.#ended; tries++) {
      await this.#online;
      const since = this.#peer.events.length;
      try {
        const id = await hand();
        const end = await this.#peer.event(
          (event) => event.type === "connection-lost" || (event.type === "delivery" && event.id === id),
          since,
        );
        if (end.type === "delivery" && end.state === "failed")
          throw new Error(`${this.address} was refused: ${end.error?.code}`);
        if (end.type === "delivery" && end.state !== "waiting") return;
      } catch (error) {
        if (error instanceof Error && error.message.includes("was refused")) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    throw new Error(`${this.address} could not hand over a message`);
  }
}
