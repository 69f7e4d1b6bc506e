import type { SettingValue } from "../../../../shared/settings/declaration.ts";
import type { ServerReach } from "../../../networks/dial-host.ts";
import type { FeedPolicy } from "../feed-policy.ts";
import { createDestination } from "./create-destination.ts";
import type { Destination } from "./destination.ts";

/** Difference that a change of policy makes to where items go, and in which form. */
export interface DestinationChange {
  /** It is another place. */
  readonly moved: boolean;
  /** It is another place, or the same under other rules of reaching it. */
  readonly renewed: boolean;
  readonly reformed: boolean;
}

/** The destination that policy names, made anew only when a change of policy concerns it. */
export class CurrentDestination {
  readonly #policy: FeedPolicy;
  readonly #reach: ServerReach;
  readonly #timeout: number | undefined;
  #place: string;
  #reaching: string;
  #destination: Destination | undefined;
  #format: SettingValue<"ArchiveFormat">;

  constructor(policy: FeedPolicy, reach: ServerReach, timeout: number | undefined) {
    this.#policy = policy;
    this.#reach = reach;
    this.#timeout = timeout;
    this.#place = JSON.stringify(policy.destination());
    this.#reaching = policy.reaching();
    this.#format = policy.format();
    this.#destination = this.#make();
  }

  /** Undefined: nowhere. */
  get destination(): Destination | undefined {
    return this.#destination;
  }

  get format(): SettingValue<"ArchiveFormat"> {
    return this.#format;
  }

  /** Policy has changed. */
  follow(): DestinationChange {
    const place = JSON.stringify(this.#policy.destination());
    const reaching = this.#policy.reaching();
    const format = this.#policy.format();
    const moved = place !== this.#place;
    const renewed = moved || reaching !== this.#reaching;
    const reformed = format !== this.#format;
    this.#place = place;
    this.#reaching = reaching;
    this.#format = format;
    // Also where the place is the same: no connection that was made under other rules counts.
    if (renewed) this.#destination = this.#make();
    return { moved, renewed, reformed };
  }

  #make(): Destination | undefined {
    return createDestination(this.#policy.destination(), this.#reach, this.#timeout);
  }
}
