import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** A button at the end of the box. */
  readonly end?: ComponentChildren;
  readonly secret?: boolean;
  readonly autocomplete?: "off" | "username" | "current-password" | "new-password";
  readonly inputMode?: "text" | "email" | "numeric" | "url";
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly disabled?: boolean;
  /** True while the typed text is on its way: it stays as it is, and the focus too. */
  readonly busy?: boolean;
  /** Names the field in its form, to find it after an error. */
  readonly name?: string;
  /** The label is said but not drawn: what stands above the field says the same. */
  readonly bare?: boolean;
  /** Offered while typing. */
  readonly suggestions?: readonly string[];
  /** Takes the focus when its dialog or page opens. */
  readonly first?: boolean;
}

/** A labelled text box with its hint and its error, tied to it for screen readers. */
export function Field({
  label,
  value,
  onValue,
  hint,
  error,
  end,
  suggestions,
  first = false,
  secret = false,
  disabled = false,
  busy = false,
  bare = false,
  ...rest
}: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  const input = {
    ...rest,
    id,
    disabled,
    readOnly: busy,
    value,
    spellcheck: false,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
    "aria-invalid": error !== undefined,
    "data-autofocus": first,
    ...(note === undefined ? {} : { "aria-describedby": `${id}-note` }),
  };
  return (
    <div class="field">
      <label for={id} class={bare ? "visually-hidden" : ""}>
        {label}
      </label>
      <div class={`field-box${error === undefined ? "" : " field-wrong"}`}>
        {secret ? (
          <input {...input} type="password" />
        ) : suggestions === undefined ? (
          <input {...input} type="text" />
        ) : (
          <>
            <input {...input} type="text" list={`${id}-list`} />
            <datalist id={`${id}-list`}>
              {suggestions.map((suggestion) => (
                <option key={suggestion} value={suggestion} />
              ))}
            </datalist>
          </>
        )}
        {end}
      </div>
      {note !== undefined && (
        <p id={`${id}-note`} class={error === undefined ? "field-hint" : "field-error"}>
          {note}
        </p>
      )}
    </div>
  );
}

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onValue: (value: T) => void;
  readonly disabled?: boolean;
}

/** A labelled native select. */
export function Select<T extends string>({ label, value, options, onValue, disabled = false }: SelectProps<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box field-select">
        <select
          id={id}
          value={value}
          disabled={disabled}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.currentTarget.value);
            if (chosen !== undefined) onValue(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
