import { policy } from "../../e2e/organization.ts";
import type { Proxy } from "../../e2e/servers/proxy.ts";
import type { Snapshot } from "../../shared/ipc/updates.ts";
import { policyProtocols } from "../../shared/settings/protocols.ts";
import type { Office } from "./office.ts";
import type { Dice } from "./random.ts";
import type { Numbering, Traffic } from "./traffic.ts";
import type { Workstation } from "./workstation.ts";

type Values = Readonly<Record<string, unknown>>;

/** Policies that come and go; none of them keeps a message from being said or stored. */
const policies: readonly (Values | undefined)[] = [
  undefined,
  { ContentRules: [{ name: "Project", keywords: ["kestrel"], action: "audit", direction: "both" }] },
  { HistoryDeleteEnabled: false },
  { LinkMode: "warn", TypingNotificationsEnabled: false },
  { IdleLockMinutes: 30 },
];
const unkeptLines = 3;

/** Incidents of a company's day, by name. Each resolves when it is over. */
export type Incidents = Readonly<Record<string, () => Promise<void>>>;

export function incidentsOf(parts: {
  readonly office: Office;
  readonly workstation: Workstation;
  readonly traffic: Traffic;
  readonly dice: Dice;
  readonly number: Numbering;
}): Incidents {
  const { office, workstation, traffic, dice, number } = parts;
  const { doors, world } = office;

  const outage = async (door: Proxy, kind: "blackhole" | "refuse"): Promise<void> => {
    await (kind === "blackhole" ? door.blackhole() : door.refuse());
    await new Promise((resolve) => setTimeout(resolve, dice.between(2_000, 12_000)));
    await door.restore();
  };

  async function lock(): Promise<void> {
    await workstation.ask("lock.now", {});
    await new Promise((resolve) => setTimeout(resolve, dice.between(1_000, 5_000)));
    await workstation.ask("lock.unlock", { secret: office.accounts[0]?.password ?? "" });
  }

  /** While it is off nothing else is said, so that it is known what was said then. */
  async function historyOff(): Promise<void> {
    await traffic.pause();
    try {
      await workstation.until("online", allOnline);
      await policy(workstation.testHome, { HistoryMode: "off" });
      await workstation.until("history is off", (tables) => setting(tables, "HistoryMode") === "off");
      const colleague = dice.pick(office.colleagues);
      for (let line = 0; line < unkeptLines; line++) {
        const body = `unkept ${number()}`;
        await colleague.say(body, "unkept");
        await workstation.until(`${body} is here`, ({ conversations }) =>
          conversations.some(({ last }) => last?.text === body),
        );
      }
      await policy(workstation.testHome, undefined);
      await workstation.until("history is on", (tables) => setting(tables, "HistoryMode") === "encrypted");
    } finally {
      traffic.resume();
    }
  }

  return {
    "cut (XMPP)": async () => doors.xmpp.cut(),
    "cut (SIMPLE)": async () => doors.simple.cut(),
    "stall (XMPP)": () => outage(doors.xmpp, "blackhole"),
    "stall (SIMPLE)": () => outage(doors.simple, "blackhole"),
    "outage (XMPP)": () => outage(doors.xmpp, "refuse"),
    "outage (SIMPLE)": () => outage(doors.simple, "refuse"),
    "server restart (XMPP)": () => world.prosody.restart(),
    "server restart (SIMPLE)": () => world.kamailio.restart(),
    policy: () => policy(workstation.testHome, dice.pick(policies)),
    lock,
    "history off": historyOff,
  };
}

export function allOnline({ accounts }: Snapshot["tables"]): boolean {
  return (
    accounts.length === policyProtocols.length &&
    accounts.every(({ state, syncing }) => state === "online" && syncing !== true)
  );
}

function setting({ settings }: Snapshot["tables"], key: string): unknown {
  return settings.find(({ id }) => id === key)?.value;
}
