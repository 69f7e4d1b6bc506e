import type { Protocol } from "../../shared/model/account.ts";
import { type Address, isService } from "../../shared/model/address.ts";
import { useWords } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";

/**
 * Whether nobody need be there to read what is written to an address: a server or service on XMPP, which takes messages
 * for itself as it likes (RFC 6121 section 8.5.1). A host on SIP may be a gateway to the person who wrote.
 */
export function isPerhapsUnread(protocol: Protocol | undefined, address: Address): boolean {
  return protocol === "xmpp" && isService(address);
}

/** Said before anything is typed. */
export function ServiceNote({ name }: { readonly name: string }) {
  const { t } = useWords();
  return (
    <div class="banner banner-plain" role="note">
      <Icon name="info" size={16} />
      <span>{t("chat.service", { name })}</span>
    </div>
  );
}
