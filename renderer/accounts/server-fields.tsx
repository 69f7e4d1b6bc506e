import { useRef, useState } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { Field, Select } from "../widgets/field.tsx";
import {
  countCertificates,
  hasXcap,
  isWebSocketPath,
  isXcapRoot,
  type OfferedTransport,
  portOf,
  type ServerForm,
  transportsOf,
} from "./server-form.ts";

/** Largest certificate file that is read, in bytes; the contract's limit. */
const maxCaSize = 262_144;

export interface ServerFieldsProps {
  readonly form: ServerForm;
  /** Reports changes: two at once, or one while a file is read, take nothing from each other. */
  readonly onForm: (change: Partial<ServerForm>) => void;
  /** An account that exists keeps its network. */
  readonly fixedProtocol?: boolean;
  readonly disabled?: boolean;
}

/** Fields that are normally found automatically, for those whose network needs them. */
export function ServerFields({ form, onForm, fixedProtocol = false, disabled = false }: ServerFieldsProps) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const networks = replica.networks.all();
  const transports: readonly (OfferedTransport | "auto")[] = ["auto", ...transportsOf(form.protocol, networks)];
  return (
    <div class="form-grid">
      {!fixedProtocol && <NetworkSelect form={form} onForm={onForm} disabled={disabled} />}
      <Select
        label={t("account.transport")}
        value={form.transport}
        disabled={disabled}
        onValue={(transport) => onForm({ transport })}
        options={transports.map((value) => ({
          value,
          label: value === "auto" ? t("account.transportAuto") : t(`transport.${value}`),
        }))}
      />
      <Field
        label={t("account.host")}
        name="host"
        value={form.host}
        onValue={(host) => onForm({ host })}
        hint={t("account.hostHint")}
        inputMode="url"
        autocomplete="off"
        maxLength={255}
        busy={disabled}
      />
      <Field
        label={t("account.port")}
        value={form.port}
        onValue={(port) => onForm({ port })}
        error={portOf(form.port) === undefined ? t("account.portInvalid") : undefined}
        inputMode="numeric"
        autocomplete="off"
        maxLength={5}
        busy={disabled}
      />
      {form.transport === "websocket" && (
        <div class="form-wide">
          <Field
            label={t("account.path")}
            value={form.path}
            onValue={(path) => onForm({ path })}
            hint={t("account.pathHint")}
            error={isWebSocketPath(form.path) ? undefined : t("account.pathInvalid")}
            inputMode="url"
            autocomplete="off"
            maxLength={1024}
            busy={disabled}
          />
        </div>
      )}
      <div class="form-wide">
        <Field
          label={t("account.authUser")}
          value={form.authUser}
          onValue={(authUser) => onForm({ authUser })}
          hint={t("account.authUserHint")}
          autocomplete="off"
          maxLength={1023}
          busy={disabled}
        />
      </div>
      {hasXcap(form.protocol, networks) && (
        <div class="form-wide">
          <Field
            label={t("account.xcapRoot")}
            value={form.xcapRoot}
            onValue={(xcapRoot) => onForm({ xcapRoot })}
            hint={t("account.xcapRootHint")}
            error={isXcapRoot(form.xcapRoot) ? undefined : t("account.xcapRootInvalid")}
            inputMode="url"
            autocomplete="off"
            maxLength={2048}
            busy={disabled}
          />
        </div>
      )}
      <CertificateField form={form} onForm={onForm} disabled={disabled} />
    </div>
  );
}

type PartProps = Required<Pick<ServerFieldsProps, "form" | "onForm" | "disabled">>;

/** The network of a new account; a transport that another network has not goes back to automatic. */
function NetworkSelect({ form, onForm, disabled }: PartProps) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const networks = replica.networks.all();
  return (
    <Select
      label={t("account.network")}
      value={form.protocol}
      disabled={disabled}
      onValue={(protocol) => {
        const isKnown = transportsOf(protocol, networks).some((other) => other === form.transport);
        onForm({ protocol, transport: isKnown ? form.transport : "auto" });
      }}
      options={[
        { value: "auto", label: t("account.networkAuto") },
        ...networks.map(({ id, fullName }) => ({ value: id, label: fullName })),
      ]}
    />
  );
}

/** The file of a private certificate authority. */
function CertificateField({ form, onForm, disabled }: PartProps) {
  const { t } = useApp().words.value;
  const file = useRef<HTMLInputElement>(null);
  const [caWrong, setCaWrong] = useState(false);
  const chooseFile = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const pem = chosen.size <= maxCaSize ? await chosen.text().catch(() => "") : "";
    const valid = countCertificates(pem) > 0;
    setCaWrong(!valid);
    if (valid) onForm({ caPem: pem, caFile: chosen.name });
  };
  return (
    <div class="field form-wide" role="group" aria-label={t("account.ca")}>
      <span class="field-label">{t("account.ca")}</span>
      <div class="file-line">
        <input
          ref={file}
          type="file"
          class="visually-hidden"
          tabIndex={-1}
          aria-hidden="true"
          accept=".pem,.crt,.cer,application/x-pem-file"
          onChange={(event) => {
            void chooseFile(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
        <button type="button" class="button" disabled={disabled} onClick={() => file.current?.click()}>
          {t("account.caChoose")}
        </button>
        {form.caPem !== "" && (
          <>
            <span class="file-name">
              {form.caFile === ""
                ? t("account.caPresent")
                : t("account.caLoaded", { count: countCertificates(form.caPem), file: form.caFile })}
            </span>
            <button
              type="button"
              class="link-button"
              disabled={disabled}
              onClick={() => onForm({ caPem: "", caFile: "" })}
            >
              {t("account.caRemove")}
            </button>
          </>
        )}
      </div>
      {caWrong && (
        <p class="field-error" role="alert">
          {t("account.caInvalid")}
        </p>
      )}
    </div>
  );
}
