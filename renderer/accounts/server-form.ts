import { type Protocol, type ServerSettings, type Transport, webSocketPathForm } from "../../shared/model/account.ts";
import type { NetworkDescription } from "../../shared/model/network.ts";

/** Values of the advanced section, as typed. */
export interface ServerForm {
  readonly protocol: Protocol | "auto";
  readonly host: string;
  readonly port: string;
  readonly transport: OfferedTransport | "auto";
  /** Of a WebSocket. */
  readonly path: string;
  readonly authUser: string;
  readonly xcapRoot: string;
  readonly caPem: string;
  readonly caFile: string;
}

export const emptyServerForm: ServerForm = {
  protocol: "auto",
  host: "",
  port: "",
  transport: "auto",
  path: "",
  authUser: "",
  xcapRoot: "",
  caPem: "",
  caFile: "",
};

/** The transports that are offered: those that are encrypted. Main answers `tls-required` to the others. */
const offeredTransports = ["starttls", "direct-tls", "tls", "websocket"] as const satisfies readonly Transport[];
export type OfferedTransport = (typeof offeredTransports)[number];

/** The transports of a network, or of all of them where none is chosen, in the order of preference. */
export function transportsOf(
  protocol: Protocol | "auto",
  networks: readonly NetworkDescription[],
): readonly OfferedTransport[] {
  const chosen = networks.filter(({ id }) => protocol === "auto" || id === protocol);
  return offeredTransports.filter((transport) => chosen.some((network) => network.transports.includes(transport)));
}

/** Whether the accounts of a network may have an XCAP server. */
export function hasXcap(protocol: Protocol | "auto", networks: readonly NetworkDescription[]): boolean {
  return networks.some(({ id, xcap }) => id === protocol && xcap);
}

export function serverFormOf(
  server: ServerSettings,
  protocol: Protocol,
  networks: readonly NetworkDescription[],
): ServerForm {
  return {
    protocol,
    host: server.host ?? "",
    port: server.port === undefined ? "" : String(server.port),
    transport: transportsOf(protocol, networks).find((offered) => offered === server.transport) ?? "auto",
    path: server.path ?? "",
    authUser: server.authUser ?? "",
    xcapRoot: server.xcapRoot ?? "",
    caPem: server.caPem ?? "",
    caFile: "",
  };
}

/** A port as typed: empty is none; undefined is not a port. */
export function portOf(text: string): number | "" | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  const port = Number(trimmed);
  return /^\d{1,5}$/.test(trimmed) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** Whether it can be the root of an XCAP server: empty, or an address that is reached encrypted. */
export function isXcapRoot(text: string): boolean {
  const trimmed = text.trim();
  return trimmed === "" || (/^https:\/\/\S+$/.test(trimmed) && URL.canParse(trimmed));
}

/** Whether it can be the path of a WebSocket: empty, or what stands behind host and port in its address. */
export function isWebSocketPath(text: string): boolean {
  return text.trim() === "" || webSocketPathForm.test(text.trim());
}

/** Whether all that was typed can be sent. */
export function isServerFormValid(form: ServerForm, networks: readonly NetworkDescription[]): boolean {
  return (
    portOf(form.port) !== undefined &&
    (form.transport !== "websocket" || isWebSocketPath(form.path)) &&
    (!hasXcap(form.protocol, networks) || isXcapRoot(form.xcapRoot))
  );
}

/** The settings to send; `keep` are those that the form does not show. */
export function serverSettingsOf(
  form: ServerForm,
  networks: readonly NetworkDescription[],
  keep: ServerSettings = {},
): ServerSettings {
  const port = portOf(form.port);
  return {
    ...(keep.pins === undefined ? {} : { pins: keep.pins }),
    ...(form.host.trim() === "" ? {} : { host: form.host.trim() }),
    ...(typeof port === "number" ? { port } : {}),
    ...(form.transport === "auto" ? {} : { transport: form.transport }),
    ...(form.transport !== "websocket" || form.path.trim() === "" ? {} : { path: form.path.trim() }),
    ...(form.authUser.trim() === "" ? {} : { authUser: form.authUser.trim() }),
    ...(!hasXcap(form.protocol, networks) || form.xcapRoot.trim() === "" ? {} : { xcapRoot: form.xcapRoot.trim() }),
    ...(form.caPem === "" ? {} : { caPem: form.caPem }),
  };
}

/** How many certificates a PEM text holds (RFC 7468 section 5). */
export function countCertificates(pem: string): number {
  return pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g)?.length ?? 0;
}
