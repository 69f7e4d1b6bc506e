import { useState } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { Field, type FieldProps } from "../widgets/field.tsx";
import { Icon } from "../widgets/icons.tsx";

/** A field for a password that is there already, which can be made readable while it is typed. */
export function PasswordField(
  props: Pick<FieldProps, "label" | "bare" | "placeholder" | "name" | "value" | "onValue" | "error" | "busy" | "first">,
) {
  const { t } = useApp().words.value;
  const [visible, setVisible] = useState(false);
  const label = t(visible ? "account.hidePassword" : "account.showPassword");
  return (
    <Field
      {...props}
      secret={!visible}
      autocomplete="current-password"
      maxLength={1023}
      end={
        <button
          type="button"
          class="icon-button small"
          aria-pressed={visible}
          aria-label={label}
          title={label}
          onClick={() => setVisible(!visible)}
        >
          <Icon name={visible ? "eyeOff" : "eye"} size={16} />
        </button>
      }
    />
  );
}
