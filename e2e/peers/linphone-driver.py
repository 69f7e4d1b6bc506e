"""liblinphone, the library under Linphone: commands are lines of JSON on a Unix socket, run in its main loop, each answered by a line.

usage: linphone-driver.py SOCKET CONFIGURATION
"""

import ctypes
import json
import os
import queue
import socket
import sys
import threading

socket_path, configuration = sys.argv[1:3]

pointer, text, integer, flag = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_ubyte
library = ctypes.CDLL("liblinphone.so.10")
events = []
sent = {}


def function(name, result, *arguments):
    found = getattr(library, name)
    found.restype = result
    found.argtypes = list(arguments)
    return found


as_string = function("linphone_address_as_string_uri_only", pointer, pointer)
utf8_text = function("linphone_chat_message_get_utf8_text", text, pointer)
from_address = function("linphone_chat_message_get_from_address", pointer, pointer)
peer_address = function("linphone_chat_room_get_peer_address", pointer, pointer)
is_composing = function("linphone_chat_room_is_remote_composing", flag, pointer)


def address_of(of):
    return ctypes.cast(as_string(of), text).value.decode()


def on_message(_core, _room, message):
    events.append({"name": "message", "from": address_of(from_address(message)), "body": (utf8_text(message) or b"").decode("utf8", "replace")})


def on_composing(_core, room):
    events.append({"name": "composing", "from": address_of(peer_address(room)), "active": bool(is_composing(room))})


def on_registration(_core, _proxy, state, _message):
    events.append({"name": "registration", "state": state})


def on_call(_core, _call, state, message):
    events.append({"name": "call", "state": state, "message": (message or b"").decode()})


factory = function("linphone_factory_get", pointer)()
callbacks = function("linphone_factory_create_core_cbs", pointer, pointer)(factory)
two, three, stated = (ctypes.CFUNCTYPE(None, *kinds) for kinds in ((pointer,) * 2, (pointer,) * 3, (pointer, pointer, integer, text)))
# Kept, since the library does not keep them.
kept = [three(on_message), two(on_composing), stated(on_registration), stated(on_call)]
names = ["message_received", "is_composing_received", "registration_state_changed", "call_state_changed"]
for name, callback in zip(names, kept):
    function(f"linphone_core_cbs_set_{name}", None, pointer, type(callback))(callbacks, callback)
core = function("linphone_factory_create_core_3", pointer, pointer, text, text, pointer)(factory, configuration.encode(), None, None)
function("linphone_core_add_callbacks", None, pointer, pointer)(core, callbacks)
function("linphone_core_start", integer, pointer)(core)
function("linphone_core_set_network_reachable", None, pointer, flag)(core, 1)
iterate = function("linphone_core_iterate", None, pointer)
room_of = function("linphone_core_get_chat_room_from_uri", pointer, pointer, text)
create = function("linphone_chat_room_create_message_from_utf8", pointer, pointer, text)
send = function("linphone_chat_message_send", None, pointer)
state_of = function("linphone_chat_message_get_state", integer, pointer)
compose = function("linphone_chat_room_compose", None, pointer)
mark_read = function("linphone_chat_room_mark_as_read", None, pointer)
invite = function("linphone_core_invite", pointer, pointer, text)


def say(to, body):
    message = create(room_of(core, to.encode()), body.encode())
    send(message)
    sent[body] = message


# LinphoneChatMessageState
states = {1: "in progress", 2: "sent", 3: "failed", 6: "delivered", 7: "displayed"}
commands = {
    "say": say,
    "state": lambda body: states.get(state_of(sent[body]), "other"),
    "compose": lambda to: compose(room_of(core, to.encode())),
    "read": lambda to: mark_read(room_of(core, to.encode())),
    "call": lambda to: bool(invite(core, to.encode())),
    "events": lambda: events,
}
jobs = queue.Queue()


def serve(connection):
    for line in connection.makefile("r", encoding="utf8"):
        answer = queue.Queue()
        jobs.put((json.loads(line), answer))
        connection.sendall((json.dumps(answer.get()) + "\n").encode())


def listen():
    server = socket.socket(socket.AF_UNIX)
    server.bind(socket_path)
    os.chmod(socket_path, 0o600)
    server.listen(1)
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


threading.Thread(target=listen, daemon=True).start()
while True:
    iterate(core)
    try:
        job, answer = jobs.get(timeout=0.03)
    except queue.Empty:
        continue
    try:
        answer.put({"ok": commands[job["do"]](**job["with"])})
    except Exception as error:
        answer.put({"error": repr(error)})
