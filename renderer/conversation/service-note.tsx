import { type Address, isService } from "../../shared/model/address.ts";
import type { NetworkDescription } from "../../shared/model/network.ts";
import { useWords } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";

/** Whether nobody need be there to read what is written to an address: a server or service of its network. */
export function isPerhapsUnread(network: Pick<NetworkDescription, "services"> | undefined, address: Address): boolean {
  return network?.services === true && isService(address);
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
