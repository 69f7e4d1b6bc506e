import type { Host } from "../host/host.ts";
import type { StageHook } from "../messaging/stage.ts";
import type { DnsResolver } from "../networks/dns.ts";
import type { Log } from "../networks/log.ts";
import type { SystemPerson } from "../settings/provisioning.ts";
import type { PolicySource } from "../settings/sources/source.ts";
import type { CreateNetworks } from "./networks.ts";

/** Everything that differs between the product, the tests and the demo. */
export interface AppOptions {
  readonly host: Host;
  /** Where this person's files are. */
  readonly folder: string;
  readonly policy: PolicySource;
  /** How long a policy must be left alone before it is read again, in milliseconds; 5 s. */
  readonly policySettle?: number;
  /** How often it is looked whether the person is still there, in milliseconds; 5 s. */
  readonly lockPoll?: number;
  /** Longest time of each step of the end, in milliseconds; 10 s. */
  readonly stepWithin?: number;
  readonly dns: DnsResolver;
  /** The history worker's file. */
  readonly workerUrl: URL;
  /** The thread that makes an export. */
  readonly exportWorkerUrl: URL;
  readonly version: string;
  readonly log: Log;
  readonly now: () => number;
  /** Cleartext connections to these hosts; `() => false` in the product. */
  readonly allowCleartext: (host: string) => boolean;
  /**
   * Asks whom ProvisionedAccounts takes the person for, once and only where policy sets up accounts; by their sign-in
   * to the system when absent.
   */
  readonly person?: () => Promise<SystemPerson>;
  /** The networks that accounts sign in to; XMPP and SIMPLE when absent. */
  readonly networks?: CreateNetworks;
  /** Stages of a test between those of sending and receiving; none in the product. */
  readonly stages?: StageHook;
}
