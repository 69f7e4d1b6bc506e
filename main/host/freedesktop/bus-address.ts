/** Place of the system's bus (D-Bus Specification, "System message bus"). No variable may name another. */
export const systemBusPath = "/run/dbus/system_bus_socket";

/**
 * Socket of the bus of the person's session: the first of DBUS_SESSION_BUS_ADDRESS that is a socket of this computer,
 * else the one in XDG_RUNTIME_DIR. A path that starts with a zero byte is abstract. Undefined: there is none.
 */
export function sessionBusPath(environment: NodeJS.ProcessEnv): string | undefined {
  for (const address of (environment["DBUS_SESSION_BUS_ADDRESS"] ?? "").split(";")) {
    const path = unixPath(address);
    if (path !== undefined) return path;
  }
  const folder = environment["XDG_RUNTIME_DIR"];
  return folder?.startsWith("/") ? `${folder}/bus` : undefined;
}

/** Socket of one server address: `unix:path=/run/user/1000/bus,guid=...`. */
function unixPath(address: string): string | undefined {
  if (!address.startsWith("unix:")) return undefined;
  for (const pair of address.slice("unix:".length).split(",")) {
    const [key, value = ""] = pair.split("=", 2);
    if (key === "path") return unescaped(value);
    if (key === "abstract") return `\0${unescaped(value)}`;
  }
  return undefined;
}

/** Bytes are written as `%` and two hexadecimal digits (D-Bus Specification, "Server Addresses"). */
function unescaped(value: string): string {
  return value.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
