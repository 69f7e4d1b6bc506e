import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { kamailioTlsProfile, startKamailioProcess } from "./debian-kamailio.ts";
import { createDoors } from "./doors.ts";
import { freePorts } from "./ports.ts";
import type { Proxy } from "./proxy.ts";
import { createRunFolder } from "./run-folder.ts";

/** An RFC 5626 edge proxy: it knows connections by flow tokens, and nothing of accounts. */
export interface EdgeServer {
  /** SIP over TLS, and WebSocket over TLS at `/`. */
  readonly port: number;
  /** A way in that can be cut; closed by `stop`. */
  door(): Promise<Proxy>;
  stop(): Promise<void>;
}

/** Starts one in front of a registrar that listens on this TCP port of 127.0.0.1. */
export async function startKamailioEdge(certificate: Certificate, registrar: number): Promise<EdgeServer> {
  const folder = await createRunFolder("kamailio-edge");
  const [sip, sips] = await freePorts(2);
  if (sip === undefined || sips === undefined) throw new Error("two ports were asked for");
  await writeFile(join(folder.path, "tls.cfg"), kamailioTlsProfile(certificate));
  await writeFile(join(folder.path, "kamailio.cfg"), configuration(folder.path, { sip, sips, registrar }));
  const process = await startKamailioProcess(folder.path, [sip, sips]);
  const doors = createDoors();
  return {
    port: sips,
    door: () => doors.open(sips),
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
  ports: { readonly sip: number; readonly sips: number; readonly registrar: number },
): string {
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
  if (loose_route()) {
    if (is_method("SUBSCRIBE|NOTIFY")) record_route();
    if (!t_relay()) sl_reply_error();
    exit;
  }
  if (is_method("REGISTER")) { if (!add_path()) { sl_send_reply("503", "No path"); exit; } }
  else if (!has_totag()) record_route();
  $du = "sip:127.0.0.1:${ports.registrar};transport=tcp";
  if (has_totag() && !is_method("SUBSCRIBE")) $du = $null;
  if (!t_relay()) sl_reply_error();
}
event_route[xhttp:request] {
  if ($hdr(Upgrade) =~ "websocket" && $rm =~ "GET") { if (ws_handle_handshake()) exit; }
  xhttp_reply("404", "Not Found", "", "");
}
`;
}
