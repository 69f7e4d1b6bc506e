import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { knownOf } from "../../shared/passphrase/known.ts";
import { passphraseStrength, type Strength, strongBits } from "../../shared/passphrase/strength.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { correct } from "../state/use-correction.ts";
import { Field } from "../widgets/field.tsx";

/** A passphrase that is typed twice, so that a slip locks nobody out. */
export interface NewPassphrase {
  readonly value: string;
  readonly again: string;
  readonly tried: boolean;
  readonly strength: Strength;
  readonly setValue: (text: string) => void;
  readonly setAgain: (text: string) => void;
  /** Whether it will do; from now on the fields say what is wrong, and the first of them has the focus. */
  check(): boolean;
}

/** Names of the fields in their form. */
const names = { value: "new-passphrase", again: "again" } as const;

/** `form`: the one that the fields are in. */
export function useNewPassphrase(form: RefObject<HTMLFormElement | null>): NewPassphrase {
  const { replica } = useApp();
  const [value, setValue] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const known = knownOf(
    settingValue(replica, "OrganizationName"),
    replica.accounts.all().map(({ address }) => address),
  );
  const strength = passphraseStrength(value, known);
  return {
    value,
    again,
    tried,
    strength,
    setValue,
    setAgain,
    check() {
      setTried(true);
      if (strength.weakness === undefined && value === again) return true;
      correct(form.current, strength.weakness === undefined ? names.again : names.value);
      return false;
    },
  };
}

export function NewPassphraseFields({
  entry,
  label,
  busy,
  first = false,
}: {
  readonly entry: NewPassphrase;
  readonly label: string;
  readonly busy: boolean;
  readonly first?: boolean;
}) {
  const { t } = useApp().words.value;
  const { weakness } = entry.strength;
  const shared = { secret: true, autocomplete: "new-password", maxLength: 1023, busy } as const;
  return (
    <>
      <div class="passphrase">
        <Field
          {...shared}
          label={label}
          name={names.value}
          value={entry.value}
          onValue={entry.setValue}
          hint={t("vault.rule")}
          error={entry.tried && weakness !== undefined ? t(`vault.weak.${weakness}`) : undefined}
          first={first}
        />
        {entry.value !== "" && (
          <StrengthMeter strength={entry.strength} quiet={entry.tried && weakness !== undefined} />
        )}
      </div>
      <Field
        {...shared}
        label={t("vault.again")}
        name={names.again}
        value={entry.again}
        onValue={entry.setAgain}
        error={entry.tried && weakness === undefined && entry.value !== entry.again ? t("vault.differ") : undefined}
      />
    </>
  );
}

/** How hard the passphrase is to guess, as it is typed: in words and as a bar. `quiet`: why is said elsewhere. */
function StrengthMeter({
  strength: { bits, weakness },
  quiet,
}: {
  readonly strength: Strength;
  readonly quiet: boolean;
}) {
  const { t } = useApp().words.value;
  const level = weakness !== undefined ? "weak" : bits < strongBits ? "good" : "strong";
  return (
    <div class={`strength strength-${level}`}>
      <span class="strength-bar" aria-hidden="true">
        <span style={{ inlineSize: `${Math.round(Math.min(1, bits / strongBits) * 100)}%` }} />
      </span>
      <p role="status">
        <span class="strength-name">{t(`vault.strength.${level}`)}</span>
        {weakness !== undefined && !quiet && <span> {t(`vault.weak.${weakness}`)}</span>}
      </p>
    </div>
  );
}
