import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { kamailioTlsProfile, startKamailioProcess } from "./debian-kamailio.ts";
import { behindNat, createDoors } from "./doors.ts";
import { freePorts } from "./ports.ts";
import type { Proxy } from "./proxy.ts";
import { createRunFolder } from "./run-folder.ts";

/** An RFC 5626 edge proxy: it knows connections by flow tokens, and nothing of accounts. */
export interface EdgeServer {
  /** SIP over TLS, and WebSocket over TLS at `/`. */
  readonly port: number;
  /** SIP over clear TCP and UDP. */
  readonly cleartext: number;
  /** A way in that can be cut; closed by `stop`. */
  door(): Promise<Proxy>;
  stop(): Promise<void>;
}

export interface EdgeOptions {
  readonly certificate: Certificate;
  /** TCP port of 127.0.0.1 that the registrar listens on. */
  readonly registrar: number;
  /**
   * It does what session border controllers do: the registrar sees its own address in a Contact, and a NOTIFY says of a
   * subscription only what it must, without `expires` (RFC 6665 section 4.1.3).
   */
  readonly isBorder?: boolean;
}

/** Starts one in front of a registrar. */
export async function startKamailioEdge(options: EdgeOptions): Promise<EdgeServer> {
  const folder = await createRunFolder("kamailio-edge");
  const [sip, sips] = await freePorts(2);
  if (sip === undefined || sips === undefined) throw new Error("two ports were asked for");
  await writeFile(join(folder.path, "tls.cfg"), kamailioTlsProfile(options.certificate));
  await writeFile(join(folder.path, "kamailio.cfg"), configuration(folder.path, { sip, sips }, options));
  const process = await startKamailioProcess(folder.path, [sip, sips]);
  const doors = createDoors();
  return {
    port: sips,
    cleartext: sip,
    door: () => doors.open(sips, behindNat),
    async stop() {
      await doors.close();
      await process.stop();
      await folder.remove();
    },
  };
}

const modules = [
  "tm",
  "sl",
  "rr",
  "pv",
  "maxfwd",
  "path",
  "outbound",
  "siputils",
  "textops",
  "tls",
  "xhttp",
  "websocket",
  "nathelper",
];

function configuration(
  folder: string,
  ports: { readonly sip: number; readonly sips: number },
  { registrar, isBorder = false }: EdgeOptions,
): string {
  const border = `if (is_method("NOTIFY")) subst_hf("Subscription-State", "/;expires=[0-9]+//", "a");
  if (is_method("REGISTER")) subst_hf("Contact", "/@[^;>]+/@127.0.0.1:${ports.sips}/", "a");`;
  return `#!KAMAILIO
debug=2
log_stderror=yes
children=2
# with more, TLS connections are lost (debian-kamailio.ts)
tcp_children=1
exit_timeout=3
auto_aliases=no
listen=udp:127.0.0.1:${ports.sip}
listen=tcp:127.0.0.1:${ports.sip}
listen=tls:127.0.0.1:${ports.sips}
enable_tls=yes
tcp_accept_no_cl=yes
tcp_crlf_ping=yes
dns=no
rev_dns=no
${modules.map((name) => `loadmodule "${name}.so"`).join("\n")}
modparam("tls", "config", "${folder}/tls.cfg")
modparam("path", "use_received", 0)
modparam("outbound", "flow_token_secret", "johndoessecretkey123")
modparam("xhttp", "url_match", "^/")
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  force_rport();
  ${isBorder ? border : ""}
  if (loose_route()) {
    if (is_method("SUBSCRIBE|NOTIFY")) record_route();
    if (!t_relay()) sl_reply_error();
    exit;
  }
  if (is_method("REGISTER")) { if (!add_path()) { sl_send_reply("503", "No path"); exit; } }
  else if (!has_totag()) record_route();
  $du = "sip:127.0.0.1:${registrar};transport=tcp";
  if (has_totag() && !is_method("SUBSCRIBE")) $du = $null;
  if (!t_relay()) sl_reply_error();
}
event_route[xhttp:request] {
  if ($hdr(Upgrade) =~ "websocket" && $rm =~ "GET") { if (ws_handle_handshake()) exit; }
  xhttp_reply("404", "Not Found", "", "");
}
`;
}
