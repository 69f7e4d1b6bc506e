import { expect, it } from "vitest";
import { sessionBusPath } from "./bus-address.ts";

it.each([
  [{ DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/1000/bus" }, "/run/user/1000/bus"],
  [{ DBUS_SESSION_BUS_ADDRESS: "unix:path=/tmp/a%20b,guid=0f" }, "/tmp/a b"],
  [{ DBUS_SESSION_BUS_ADDRESS: "tcp:host=localhost,port=1;unix:abstract=/tmp/dbus-x,guid=0f" }, "\0/tmp/dbus-x"],
  [{ DBUS_SESSION_BUS_ADDRESS: "autolaunch:", XDG_RUNTIME_DIR: "/run/user/7" }, "/run/user/7/bus"],
  [{ XDG_RUNTIME_DIR: "elsewhere" }, undefined],
  [{}, undefined],
])("the bus of the session in %j", (environment, path) => {
  expect(sessionBusPath(environment)).toBe(path);
});
