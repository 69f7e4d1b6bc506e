import type { NetworkEvent } from "../../main/networks/events.ts";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { Protocol, ServerSettings } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";

/** Commands to a peer process, one JSON value a line; `n` comes back in the answer. */
export type PeerCommand = { readonly n: number } & (
  | {
      readonly do: "open";
      readonly who: string;
      readonly protocol: Protocol;
      readonly address: string;
      readonly password: string;
      readonly server: ServerSettings;
    }
  | { readonly do: "connect"; readonly who: string; readonly presence: OwnPresence }
  | { readonly do: "disconnect"; readonly who: string }
  | { readonly do: "presence"; readonly who: string; readonly presence: OwnPresence }
  | {
      readonly do: "say";
      readonly who: string;
      readonly to: string;
      readonly body: string;
      readonly id: string;
      readonly wantReceipts: boolean;
    }
  | {
      readonly do: "correct";
      readonly who: string;
      readonly to: string;
      readonly targetId: string;
      readonly body: string;
      readonly id: string;
    }
  | {
      readonly do: "retract";
      readonly who: string;
      readonly to: string;
      readonly targetId: string;
      readonly id: string;
    }
  | { readonly do: "typing"; readonly who: string; readonly to: string; readonly active: boolean }
  | { readonly do: "read"; readonly who: string; readonly to: string; readonly id: string }
  | {
      readonly do: "add";
      readonly who: string;
      readonly address: string;
      readonly name?: string;
      readonly groups: readonly string[];
    }
);

/** Reports of a peer process: an answer to a command, or an event of one of its accounts. */
export type PeerReport =
  | { readonly n: number; readonly ok: true }
  | { readonly n: number; readonly ok: false; readonly error: ErrorInfo }
  | { readonly who: string; readonly event: NetworkEvent };
