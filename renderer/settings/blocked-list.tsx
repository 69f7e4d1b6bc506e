import { useState } from "preact/hooks";
import type { BlockRecord } from "../../shared/model/block.ts";
import { fold } from "../../shared/search/names.ts";
import { useApp } from "../state/app-context.ts";
import { Field } from "../widgets/field.tsx";
import { Icon } from "../widgets/icons.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";

/** Entries above which the list can be searched, and entries that are drawn at once. */
const longList = 10;
const maxShown = 100;

/** Whom the person has blocked, over all accounts, each with the way back. */
export function BlockedList() {
  const { replica, words } = useApp();
  const { t } = words.value;
  const [text, setText] = useState("");
  const all = replica.blocked.all().sort((a, b) => a.address.localeCompare(b.address));
  const query = fold(text.trim());
  const found = all.filter(({ id, address }) =>
    fold(`${replica.contacts.peek(id)?.name ?? ""} ${address}`).includes(query),
  );
  return (
    <div class="setting blocked-list">
      <h3 id="settings-blocked" tabIndex={-1}>
        {t("block.list")}
      </h3>
      <p class="setting-hint">{all.length === 0 ? t("block.nobody") : t("block.listHint")}</p>
      {all.length > longList && (
        <Field label={t("block.find")} value={text} onValue={setText} autocomplete="off" maxLength={200} />
      )}
      {found.length > 0 && (
        <ul aria-labelledby="settings-blocked">
          {found.slice(0, maxShown).map((block) => (
            <BlockedLine key={block.id} block={block} />
          ))}
        </ul>
      )}
      {found.length > maxShown && <p class="setting-hint">{t("block.more", { count: found.length - maxShown })}</p>}
    </div>
  );
}

function BlockedLine({ block }: { readonly block: BlockRecord }) {
  const { replica, words, actions } = useApp();
  const { t } = words.value;
  const account = replica.accounts.get(block.accountId);
  const name = replica.contacts.get(block.id)?.name;
  const says = {
    person: undefined,
    device: t("block.scopeDevice"),
    domain: t("block.scopeDomain"),
    strangers: t("block.scopeStrangers"),
  }[block.scope];
  const about = [
    name === undefined ? undefined : block.address,
    says,
    account === undefined ? undefined : t("block.for", { address: account.address }),
  ];
  return (
    <li tabIndex={-1}>
      <Icon name="block" size={16} />
      <span class="row-text">
        <bdi class="name">{name ?? block.address}</bdi>
        <span class="sub">
          {about
            .filter((part) => part !== undefined)
            .map((part) => (
              <bdi key={part}>{part}</bdi>
            ))}
        </span>
      </span>
      {account !== undefined && <NetworkTag protocol={account.protocol} />}
      <button
        type="button"
        class="button"
        aria-label={t("block.unblockLabel", { name: name ?? block.address })}
        onClick={() => actions.unblock(block.id)}
      >
        {t("menu.unblock")}
      </button>
    </li>
  );
}
