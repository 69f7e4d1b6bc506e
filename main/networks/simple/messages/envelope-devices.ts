import * as v from "valibot";
import { type Address, AddressSchema } from "../../../../shared/model/address.ts";
import { truncate } from "../../../../shared/text/truncate.ts";
import { cpimType } from "../../../cpim/message.ts";
import { parseParameters, type SipMessage } from "../wire/message.ts";

/** Device name, whether it takes message/cpim, and when it was last heard (milliseconds since the epoch). */
const DeviceSchema = v.tuple([v.string(), v.boolean(), v.number()]);
export const EnvelopeDevicesSchema = v.array(v.tuple([AddressSchema, v.array(DeviceSchema)]));
export type StoredDevices = v.InferOutput<typeof EnvelopeDevicesSchema>;

interface Device {
  readonly takes: boolean;
  readonly at: number;
}

const maxPeople = 5_000;
const maxDevices = 8;
const maxName = 200;
/** A device that was not heard of for so long has no say any more, in ms: people change their programs. */
const forgottenAfter = 7 * 86_400_000;

/**
 * Which devices of whom take message/cpim (RFC 3862). A message goes to every device of a person at once (RFC 3261
 * section 16.6), and one that does not know envelopes shows nothing of it; so all that are known have to.
 */
export class EnvelopeDevices {
  readonly #now: () => number;
  readonly #people = new Map<Address, Map<string, Device>>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** True: every known device; false: one of them does not; undefined: none is known. */
  takes(address: Address): boolean | undefined {
    const since = this.#now() - forgottenAfter;
    const devices = [...(this.#people.get(address)?.values() ?? [])].filter(({ at }) => at > since);
    return devices.length === 0 ? undefined : devices.every(({ takes }) => takes);
  }

  /** Whether anything is known of that device. */
  knows(address: Address, device: string): boolean {
    return this.#people.get(address)?.has(truncate(device, maxName)) ?? false;
  }

  /** Notes what a device takes; true when that is news. */
  set(address: Address, device: string, takes: boolean): boolean {
    const name = truncate(device, maxName);
    const devices = this.#people.get(address) ?? new Map<string, Device>();
    const news = devices.get(name)?.takes !== takes;
    devices.delete(name);
    devices.set(name, { takes, at: this.#now() });
    shrink(devices, maxDevices);
    this.#people.delete(address);
    this.#people.set(address, devices);
    shrink(this.#people, maxPeople);
    return news;
  }

  load(stored: StoredDevices): void {
    for (const [address, devices] of stored.slice(-maxPeople))
      this.#people.set(
        address,
        new Map(devices.slice(-maxDevices).map(([name, takes, at]) => [truncate(name, maxName), { takes, at }])),
      );
  }

  stored(): StoredDevices {
    return [...this.#people].map(([address, devices]) => [
      address,
      [...devices].map(([name, { takes, at }]) => [name, takes, at]),
    ]);
  }
}

/** Drops the oldest entries. */
function shrink<K>(map: Map<K, unknown>, size: number): void {
  for (const key of map.keys()) {
    if (map.size <= size) return;
    map.delete(key);
  }
}

/** Whether whoever wrote this takes message/cpim, by its Accept header; undefined: there is none. */
export function takesCpim(message: SipMessage): boolean | undefined {
  const accepts = message.headers.list("accept").map((accept) => parseParameters(accept).value.toLowerCase());
  return accepts.length === 0 ? undefined : accepts.includes(cpimType);
}
