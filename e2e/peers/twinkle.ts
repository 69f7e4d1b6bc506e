import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts } from "../servers/ports.ts";
import { missing, startTerminal, type Terminal, terminalFolder } from "./terminal.ts";

/** A SIP phone that nobody here wrote: twinkle without its window, driven by what it shows and what is typed. */
export interface Twinkle {
  readonly address: string;
  readonly terminal: Terminal;
  say(to: string, body: string): Promise<void>;
  call(to: string): Promise<void>;
  stop(): Promise<void>;
}

export const twinkleMissing = (): string | undefined => missing(["twinkle-console", "tmux"]);

/** Starts twinkle and resolves when it is signed in. `port`: the server's, on loopback. */
export async function startTwinkle(account: {
  readonly address: string;
  readonly password: string;
  readonly port: number;
}): Promise<Twinkle> {
  const [user = "", domain = ""] = account.address.split("@");
  const folder = await terminalFolder("twinkle");
  const home = join(folder.path, ".twinkle");
  await mkdir(home);
  await folder.give(home);
  const [sip, rtp] = await freePorts(2);
  const profile = [
    `user_name=${user}`,
    `user_domain=${domain}`,
    "user_display=Twinkle",
    `auth_name=${user}`,
    `auth_pass=${account.password}`,
    `outbound_proxy=127.0.0.1:${account.port}`,
    "all_requests_to_proxy=yes",
    `registrar=127.0.0.1:${account.port}`,
    "register_at_startup=yes",
    "registration_time=300",
    "sip_transport=tcp",
    "im_send_iscomposing=yes",
    "pres_publish_startup=no",
    "",
  ];
  const system = [
    "dev_ringtone=oss:/dev/null",
    "dev_speaker=oss:/dev/null",
    "dev_mic=oss:/dev/null",
    "validate_audio_dev=no",
    "log_show_sip=yes",
    "start_user_profile=peer",
    `sip_port=${sip}`,
    `rtp_port=${rtp}`,
    "play_ringtone=no",
    "play_ringback=no",
    "mime_shared_database=/usr/share/mime/globs",
    "",
  ];
  for (const [name, lines] of [
    ["peer.cfg", profile],
    ["twinkle.sys", system],
  ] as const) {
    const file = join(home, name);
    await writeFile(file, lines.join("\n"), { mode: 0o600 });
    await folder.give(file);
  }
  const terminal = await startTerminal("twinkle-console", folder, { HOME: folder.path });
  try {
    await terminal.shows(/registration succeeded/i);
  } catch (error) {
    await terminal.stop();
    throw error;
  }
  return {
    address: account.address,
    terminal,
    say: (to, body) => terminal.line(`message sip:${to} "${body}"`),
    call: (to) => terminal.line(`call sip:${to}`),
    stop: terminal.stop,
  };
}
