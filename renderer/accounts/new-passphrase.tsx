import { useState } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { Field } from "../widgets/field.tsx";

/** In UTF-16 units, as the contract has it. */
const shortestPassphrase = 8;

/** A passphrase that is typed twice, so that a slip locks nobody out. */
export interface NewPassphrase {
  readonly value: string;
  readonly again: string;
  readonly tried: boolean;
  readonly setValue: (text: string) => void;
  readonly setAgain: (text: string) => void;
  /** Whether it will do; from now on the fields say what is wrong. */
  check(): boolean;
}

export function useNewPassphrase(): NewPassphrase {
  const [value, setValue] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  return {
    value,
    again,
    tried,
    setValue,
    setAgain,
    check() {
      setTried(true);
      return !isShort(value) && value === again;
    },
  };
}

function isShort(text: string): boolean {
  return text.length < shortestPassphrase;
}

export function NewPassphraseFields({
  entry,
  label,
  disabled,
  first = false,
}: {
  readonly entry: NewPassphrase;
  readonly label: string;
  readonly disabled: boolean;
  readonly first?: boolean;
}) {
  const { t } = useApp().words.value;
  const short = isShort(entry.value);
  const shared = { secret: true, autocomplete: "new-password", maxLength: 1023, disabled } as const;
  return (
    <>
      <Field
        {...shared}
        label={label}
        value={entry.value}
        onValue={entry.setValue}
        hint={t("vault.rule")}
        error={entry.tried && short ? t("vault.tooShort") : undefined}
        first={first}
      />
      <Field
        {...shared}
        label={t("vault.again")}
        value={entry.again}
        onValue={entry.setAgain}
        error={entry.tried && !short && entry.value !== entry.again ? t("vault.differ") : undefined}
      />
    </>
  );
}
