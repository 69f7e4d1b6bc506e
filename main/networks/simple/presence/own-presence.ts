import { HallwayError, toErrorInfo } from "../../../../shared/errors.ts";
import type { AccountConfig } from "../../../../shared/model/account.ts";
import type { OwnPresence } from "../../../../shared/model/presence.ts";
import type { Log } from "../../log.ts";
import { formatPidf } from "../payloads/rfc-3863-pidf.ts";
import { uriOfAddress } from "../wire/uri.ts";
import type { PresenceAgent } from "./presence-agent.ts";
import type { Publication } from "./publication.ts";

/** Options of publishing our own presence. */
export interface OwnPresencePublisherOptions {
  readonly account: AccountConfig;
  readonly publication: Publication;
  readonly presenceAgent: PresenceAgent;
  /** False: nobody learns from us that we are here. */
  readonly isSeen: () => boolean;
  readonly log: Log;
}

/**
 * Longest presence document that is published, in bytes; Kamailio as it is shipped closes the connection for a request
 * of 16 kB.
 */
const maxPublished = 12_000;
/** How long taking presence back may take, in ms. */
const withdrawTimeout = 10_000;

/** Own presence on one connection: to the server that publishes it, and to the watchers who are told by this device. */
export class OwnPresencePublisher {
  readonly #options: OwnPresencePublisherOptions;

  constructor(options: OwnPresencePublisherOptions) {
    this.#options = options;
  }

  /**
   * Says how we are, where anybody may know; else what was said before is taken back. Errors: those of
   * Publication.publish, `too-large` for a status that servers close the connection for.
   */
  async publish(presence: OwnPresence): Promise<void> {
    const { isSeen, presenceAgent, publication } = this.#options;
    const document = this.#document(presence);
    if (isSeen()) {
      if (Buffer.byteLength(document) > maxPublished) throw new HallwayError("too-large");
      presenceAgent.publish(document);
      await publication.publish(document);
    } else {
      void this.#tellWatchersGone();
      await publication.withdraw(withdrawTimeout);
    }
  }

  /** Signing in does not fail for a status that is too long: whether we are there is said without it. */
  async announce(presence: OwnPresence): Promise<void> {
    try {
      await this.publish(presence);
    } catch (error) {
      if (toErrorInfo(error).code !== "too-large") throw error;
      this.#options.log.warn("SIP status is too long for the server and was left out");
      await this.publish({ availability: presence.availability });
    }
  }

  /** Takes the presence of this device back, for good, in at most that many milliseconds. */
  async remove(timeout: number): Promise<void> {
    await Promise.allSettled([this.#options.publication.remove(timeout), this.#tellWatchersGone()]);
  }

  #tellWatchersGone(): Promise<void> {
    return this.#options.presenceAgent.stop();
  }

  #document(presence: OwnPresence): string {
    const { account } = this.#options;
    return formatPidf(presence, uriOfAddress(account.address), account.deviceId);
  }
}
