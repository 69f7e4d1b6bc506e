import { useEffect, useState } from "preact/hooks";
import { firstDifference, type LookAlike } from "../../shared/look-alike/look-alike.ts";
import type { AccountId } from "../../shared/model/account.ts";
import { domainOf } from "../../shared/model/address.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { Icon } from "./icons.tsx";

/** How long nothing must be typed before main is asked, in milliseconds. */
const pause = 250;

/**
 * Whom somebody may be taken for. `unknown` until main has said it, and where it cannot: nothing may look safe by then.
 */
export type LookAlikeState =
  | { readonly state: "unknown" }
  | { readonly state: "none" }
  | { readonly state: "warned"; readonly warning: LookAlike };

export interface LookAlikeQuestion {
  readonly accountId: AccountId;
  readonly address: string;
  readonly name?: string | undefined;
  /** The address is being typed: main is asked when the person pauses. */
  readonly typed?: boolean;
}

/** Asks main whom somebody may be taken for, again whenever the contact list changes. */
export function useLookAlike({ accountId, address, name, typed = false }: LookAlikeQuestion): LookAlikeState {
  const { client, replica, roster } = useApp();
  const enabled = settingValue(replica, "LookAlikeWarningsEnabled");
  const listed = roster.version.value;
  const asks = enabled && accountId !== "" && address.includes("@");
  const [found, setFound] = useState<{ readonly address: string; readonly warning: LookAlike | undefined }>();
  useEffect(() => {
    if (!asks) return setFound(undefined);
    let gone = false;
    const timer = setTimeout(
      () => {
        client.request("contacts.lookAlike", { accountId, address, ...(name === undefined ? {} : { name }) }).then(
          ({ warning }) => gone || setFound({ address, warning }),
          () => gone || setFound(undefined),
        );
      },
      typed ? pause : 0,
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, asks, listed, accountId, address, name, typed]);
  if (!asks) return { state: "none" };
  if (found?.address !== address) return { state: "unknown" };
  return found.warning === undefined ? { state: "none" } : { state: "warned", warning: found.warning };
}

/** A letter that is not Latin: shown beside the one that it looks like, it would say nothing. */
function isForeign(letter: string): boolean {
  return /[^\p{Script=Latin}\p{Script=Common}]/u.test(letter);
}

/** Warns of somebody who looks like somebody else, while their address is typed or shown. */
export function LookAlikeNote({ accountId, address, name }: Omit<LookAlikeQuestion, "typed">) {
  const trimmed = address.trim();
  return (
    <LookAlikeWarning address={trimmed} lookAlike={useLookAlike({ accountId, address: trimmed, name, typed: true })} />
  );
}

/** The warning itself, with the difference between the two addresses. Draws nothing where there is nothing to say. */
export function LookAlikeWarning({
  address,
  lookAlike,
}: {
  readonly address: string;
  readonly lookAlike: LookAlikeState;
}) {
  const { t } = useApp().words.value;
  if (lookAlike.state !== "warned") return null;
  const { kind, like } = lookAlike.warning;
  const written = address.toLowerCase();
  const difference =
    kind === "name" ? undefined : firstDifference(kind === "domain" ? domainOf(written) : written, like);
  return (
    <div class="look-alike" role="status">
      <Icon name="alert" size={18} />
      <div class="problem-text">
        <p class="problem-what">{t(`lookAlike.${kind}`, { like })}</p>
        {difference !== undefined && (
          <p>{t(isForeign(difference.theirs) ? "lookAlike.alphabet" : "lookAlike.letter", difference)}</p>
        )}
        <p>{t("lookAlike.next")}</p>
      </div>
    </div>
  );
}
