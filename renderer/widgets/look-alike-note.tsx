import { useEffect, useState } from "preact/hooks";
import { firstDifference, type LookAlike } from "../../shared/look-alike/look-alike.ts";
import type { AccountId } from "../../shared/model/account.ts";
import { domainOf } from "../../shared/model/address.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { Icon } from "./icons.tsx";

/** How long nothing must be typed before main is asked, in milliseconds. */
const pause = 250;

/** Whom somebody may be taken for; main says it. Undefined: nobody, or it is not known yet. */
function useLookAlike(accountId: AccountId, address: string, name: string | undefined): LookAlike | undefined {
  const { client, replica } = useApp();
  const enabled = settingValue(replica, "LookAlikeWarningsEnabled");
  const listed = replica.contacts.version.value;
  const [found, setFound] = useState<{ readonly address: string; readonly warning: LookAlike | undefined }>();
  useEffect(() => {
    if (!enabled || accountId === "" || !address.includes("@")) return setFound(undefined);
    let gone = false;
    const timer = setTimeout(() => {
      client.request("contacts.lookAlike", { accountId, address, ...(name === undefined ? {} : { name }) }).then(
        ({ warning }) => gone || setFound({ address, warning }),
        () => gone || setFound(undefined),
      );
    }, pause);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, enabled, listed, accountId, address, name]);
  return found?.address === address ? found.warning : undefined;
}

/** A letter that is not Latin: shown beside the one that it looks like, it would say nothing. */
function isForeign(letter: string): boolean {
  return /[^\p{Script=Latin}\p{Script=Common}]/u.test(letter);
}

/** Warns of somebody who looks like somebody else, and shows the difference. Draws nothing where there is nothing to say. */
export function LookAlikeNote({ accountId, address, name }: { readonly accountId: AccountId; readonly address: string; readonly name?: string | undefined }) {
  const { t } = useApp().words.value;
  const trimmed = address.trim();
  const warning = useLookAlike(accountId, trimmed, name);
  if (warning === undefined) return null;
  const { kind, like } = warning;
  const difference = kind === "name" ? undefined : firstDifference(kind === "domain" ? domainOf(trimmed.toLowerCase()) : trimmed.toLowerCase(), like);
  return (
    <div class="look-alike" role="status">
      <Icon name="alert" size={18} />
      <div class="problem-text">
        <p class="problem-what">{t(`lookAlike.${kind}`, { like })}</p>
        {difference !== undefined && <p>{t(isForeign(difference.theirs) ? "lookAlike.alphabet" : "lookAlike.letter", difference)}</p>}
        <p>{t("lookAlike.next")}</p>
      </div>
    </div>
  );
}
