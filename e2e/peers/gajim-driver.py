"""Gajim, driven from within: commands are lines of JSON on a Unix socket, run in its main loop, each answered by a line.

usage: gajim-driver.py SOCKET PROFILE ADDRESS PASSWORD
"""

import json
import os
import socket
import sys
import threading

socket_path, profile, address, password = sys.argv[1:5]
sys.argv = ["gajim", "-s", "-c", profile]

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib

events = []


def account():
    from gajim.common import app

    return next(iter(app.settings.get_accounts()), None)


def client():
    from gajim.common import app

    return app.get_client(account())


def contact(address):
    return client().get_module("Contacts").get_contact(address)


def sign_in():
    """Adds the account and connects it."""
    from gajim.common import app

    # What it would put into the secret store of a person stays in its profile.
    app.settings.set("use_keyring", False)
    user, domain = address.split("@")
    app.app.create_account("peer", user, domain, password, None, None)
    app.app.enable_account("peer")


def _jid(text):
    from nbxmpp.protocol import JID

    return JID.from_string(text)


def listen():
    from gajim.common import app, ged

    kept = ("jid", "msgtxt", "marker_id", "receipt_id", "chatstate", "correct_id", "unique_id", "muc", "from_", "reason", "type_")

    def note(event):
        seen = {name: str(value)[:300] for name, value in vars(event).items() if name in kept}
        events.append({"name": event.name, **seen})

    for name in (
        "account-connected",
        "message-received",
        "message-updated",
        "receipt-received",
        "displayed-received",
        "chatstate-received",
        "muc-invitation",
        "call-started",
        "subscribe-presence-received",
        "stream-state-changed",
    ):
        app.ged.register_event_handler(name, ged.GUI2, note)


def send(to, body, **more):
    from gajim.common.structs import OutgoingMessage

    message = OutgoingMessage(account=account(), contact=contact(to), message=body, type_="chat", **more)
    client().send_message(message)
    return message.message_id


def chat(to):
    from gajim.common import app

    app.window.add_chat(account(), _jid(to), "contact", select=True)


def composing(to, active):
    from nbxmpp.const import Chatstate

    client().get_module("Chatstate").set_chatstate(contact(to), Chatstate.COMPOSING if active else Chatstate.ACTIVE)


def invite(to, room):
    """Directly (XEP-0249)."""
    from nbxmpp.const import InviteType

    client().connection.get_module("MUC").invite(_jid(room), _jid(to), None, "come along", None, InviteType.DIRECT)


def stanza(xml):
    """Sends a message that has no command of its own."""
    from nbxmpp.protocol import Message
    from nbxmpp.simplexml import NodeBuilder

    client().send_stanza(Message(node=NodeBuilder(xml).getDom()))


def ready():
    from gajim.common import app

    return getattr(app, "window", None) is not None


def connected():
    from gajim.common import app

    return account() is not None and app.account_is_available(account())


def presence(of):
    return contact(of).show.value


commands = {
    "ready": ready,
    "sign in": sign_in,
    "listen": listen,
    "connected": connected,
    "send": send,
    "chat": chat,
    "composing": composing,
    "invite": invite,
    "presence": presence,
    "stanza": stanza,
    "events": lambda: events,
}


def run(line):
    try:
        command = json.loads(line)
        return {"ok": commands[command["do"]](**command.get("with", {}))}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def serve():
    server = socket.socket(socket.AF_UNIX)
    server.bind(socket_path)
    server.listen(1)
    os.chmod(socket_path, 0o777)
    while True:
        connection, _ = server.accept()
        for line in connection.makefile("r", encoding="utf-8"):
            done = threading.Event()
            answer = []

            def work():
                answer.append(run(line))
                done.set()
                return False

            GLib.idle_add(work)
            done.wait()
            connection.sendall((json.dumps(answer[0]) + "\n").encode())


threading.Thread(target=serve, daemon=True).start()
from gajim.gajim import main

main()
