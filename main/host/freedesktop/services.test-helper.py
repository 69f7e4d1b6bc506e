"""Services on a bus, written with GLib's own D-Bus (python3-gi), for bus.test-helper.ts.

It reads a line for each step and answers "done":
  own NAME, drop NAME
  set INTERFACE MEMBER true|false                              a property, or the answer of a method
  emit PATH INTERFACE MEMBER [true|false|TEXT]                 to everybody
  to DESTINATION PATH INTERFACE MEMBER [true|false|TEXT]       to one program alone
"""
import sys
import threading

from gi.repository import Gio, GLib

flags = Gio.DBusConnectionFlags
bus = Gio.DBusConnection.new_for_address_sync(
    sys.argv[1], flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
values = {}
session = "/org/freedesktop/login1/session/_32"
active = '<method name="GetActive"><arg type="b" direction="out"/></method>'
objects = {
    ("/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher"):
        '<property name="IsStatusNotifierHostRegistered" type="b" access="read"/>',
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"): active,
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"): active,
    ("/org/freedesktop/login1", "org.freedesktop.login1.Manager"):
        '<method name="GetSession"><arg type="s" direction="in"/><arg type="o" direction="out"/></method>',
    (session, "org.freedesktop.login1.Session"): '<property name="LockedHint" type="b" access="read"/>',
}


def answer(_bus, _sender, _path, interface, member, _args, call):
    if member == "GetSession":
        call.return_value(GLib.Variant("(o)", (session,)))
    else:
        call.return_value(GLib.Variant("(b)", (values.get((interface, member), False),)))


def read_property(_bus, _sender, _path, interface, name):
    return GLib.Variant("b", values.get((interface, name), False))


def body(words):
    if not words:
        return None
    if words[0] in ("true", "false"):
        return GLib.Variant("(b)", (words[0] == "true",))
    return GLib.Variant("(sa{sv}as)", (words[0], {"LockedHint": GLib.Variant("b", True)}, ["IdleHint"]))


def ask_bus(member, args):
    name = "org.freedesktop.DBus"
    bus.call_sync(name, "/org/freedesktop/DBus", name, member, args, None, 0, -1, None)


def step(line):
    word, *rest = line.split()
    if word == "own":
        ask_bus("RequestName", GLib.Variant("(su)", (rest[0], 4)))
    elif word == "drop":
        ask_bus("ReleaseName", GLib.Variant("(s)", (rest[0],)))
    elif word == "set":
        values[(rest[0], rest[1])] = rest[2] == "true"
    elif word == "emit":
        bus.emit_signal(None, rest[0], rest[1], rest[2], body(rest[3:]))
    elif word == "to":
        bus.emit_signal(rest[0], rest[1], rest[2], rest[3], body(rest[4:]))
    bus.flush_sync(None)
    print("done", flush=True)


def read_steps():
    for line in sys.stdin:
        GLib.idle_add(step, line)
    loop.quit()


for (path, interface), members in objects.items():
    xml = f'<node><interface name="{interface}">{members}</interface></node>'
    bus.register_object(path, Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0], answer, read_property, None)
loop = GLib.MainLoop()
threading.Thread(target=read_steps, daemon=True).start()
print("done", flush=True)
loop.run()
