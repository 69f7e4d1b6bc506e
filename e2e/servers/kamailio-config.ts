import type { Certificate } from "./certificates.ts";

/** Configuration of a Kamailio for tests. */
export interface KamailioConfig {
  readonly folder: string;
  readonly domain: string;
  readonly certificate: Certificate;
  /** `sip` serves both TCP and UDP; `http` and `https` serve XCAP. */
  readonly ports: { readonly sip: number; readonly sips: number; readonly http: number; readonly https: number };
  readonly digest: "MD5" | "SHA-256";
  /**
   * `open`: every watcher sees presence; `rules`: only whom the presentity's XCAP pres-rules allow, others are pending.
   */
  readonly authorization: "open" | "rules";
  /**
   * `lost`: the message store as it is without help: what it kept comes back as text/plain, with a stamp in the text
   * and without its id.
   */
  readonly msiloTypes: "kept" | "lost";
}

/** Text of tls.cfg. */
export function kamailioTls({ certificate }: KamailioConfig): string {
  const common = ["method = TLSv1.2+", "verify_certificate = no", "require_certificate = no"];
  return [
    "[server:default]",
    ...common,
    `private_key = ${certificate.keyPath}`,
    `certificate = ${certificate.certPath}`,
    "[client:default]",
    ...common,
    "",
  ].join("\n");
}

/**
 * Text of kamailio.cfg: a registrar, presence agent, XCAP server and message store for one domain, on loopback only.
 */
export function kamailioConfig(config: KamailioConfig): string {
  return [core(config), modules(config), requestRoutes(config), xcapRoute(config)].join("\n");
}

function core({ domain, ports }: KamailioConfig): string {
  return `#!KAMAILIO
debug=1
log_stderror=yes
children=1
# with more, TLS connections are lost (debian-kamailio.ts)
tcp_children=1
# a SIGTERM soon after the start hangs without it
exit_timeout=3
auto_aliases=no
alias="${domain}"
listen=udp:127.0.0.1:${ports.sip}
listen=tcp:127.0.0.1:${ports.sip}
listen=tls:127.0.0.1:${ports.sips}
listen=tcp:127.0.0.1:${ports.http}
listen=tls:127.0.0.1:${ports.https}
enable_tls=yes
tcp_connection_lifetime=3605
# XCAP requests have no Content-Length
tcp_accept_no_cl=yes
tcp_max_connections=512
tls_max_connections=512
# a MESSAGE of 60 kB closes the connection with the default
tcp_rd_buf_size=131072
# answers the double CRLF of RFC 5626
tcp_crlf_ping=yes
dns=no
rev_dns=no
dns_try_naptr=no
dns_retr_time=1
dns_retr_no=1
server_signature=no`;
}

const loaded = [
  "db_sqlite",
  "kex",
  "corex",
  "tm",
  "tmx",
  "sl",
  "rr",
  "pv",
  "maxfwd",
  "usrloc",
  "registrar",
  "textops",
  "siputils",
  "xlog",
  "sanity",
  "ctl",
  "nathelper",
  "auth",
  "auth_db",
  "uri_db",
  "tls",
  "xhttp",
  "presence",
  "presence_xml",
  "xcap_server",
  "msilo",
  "sqlops",
  "rtimer",
] as const;

function modules({ folder, domain, ports, digest, authorization, msiloTypes }: KamailioConfig): string {
  const self = `sip:127.0.0.1:${ports.sip}`;
  const database = (name: string): string => `sqlite:///${folder}/${name}.db`;
  const parameters: readonly (readonly [string, string, string | number])[] = [
    ["ctl", "binrpc", `unix:${folder}/ctl.sock`],
    ["tm", "failure_reply_mode", 3],
    ["tm", "fr_timer", 3000],
    ["rr", "enable_full_lr", 1],
    ["usrloc", "db_mode", 0],
    // a contact whose connection is gone is gone: messages for it are stored at once
    ["usrloc", "handle_lost_tcp", 1],
    ["registrar", "max_expires", 3600],
    ["registrar", "min_expires", 10],
    ["registrar", "received_avp", "$avp(RECEIVED)"],
    ["nathelper", "received_avp", "$avp(RECEIVED)"],
    ["auth_db", "db_url", database("accounts")],
    ["auth_db", "calculate_ha1", 1],
    ["auth_db", "password_column", "password"],
    ["auth_db", "use_domain", 1],
    ["uri_db", "db_url", database("accounts")],
    ["uri_db", "use_domain", 1],
    ["uri_db", "use_uri_table", 0],
    ["auth", "nonce_expire", 60],
    ["tls", "config", `${folder}/tls.cfg`],
    ["xhttp", "url_match", "^/"],
    ["presence", "db_url", database("presence")],
    // becomes the Contact of the presence agent: must be reachable without DNS
    ["presence", "server_address", `sip:presence@127.0.0.1:${ports.sip};transport=tcp`],
    ["presence", "subs_db_mode", 0],
    // without a cache: with one, a subscription that crosses the first publication of a presentity is told "offline"
    // and never more
    ["presence", "publ_cache", 0],
    ["presence", "send_fast_notify", 1],
    ["presence", "max_expires", 3600],
    ["presence", "min_expires", 10],
    ["presence", "min_expires_action", 1],
    ["presence", "clean_period", 5],
    ["presence", "db_update_period", 5],
    ["presence_xml", "db_url", database("xcap")],
    ["presence_xml", "force_active", authorization === "open" ? 1 : 0],
    ["presence_xml", "integrated_xcap_server", 1],
    ["presence_xml", "disable_bla", 1],
    ["xcap_server", "db_url", database("xcap")],
    ["xcap_server", "xcap_root", "/xcap-root"],
    ["msilo", "db_url", database("store")],
    ["msilo", "from_address", `sip:offline@${domain}`],
    ["msilo", "use_contact", 0],
    // what could not be handed over is not tried again before this look, in seconds; usually after up to a minute
    ["msilo", "check_time", 1],
    // a Date header says when it was said; the default writes it into the body
    ...(msiloTypes === "kept"
      ? ([
          ["msilo", "add_date", 0],
          ["msilo", "extra_hdrs_avp", "$avp(extra)"],
        ] as const)
      : []),
    // stored messages come back through request_route
    ["msilo", "outbound_proxy", self],
    ["sqlops", "sqlcon", `store=>${database("store")}`],
    ["rtimer", "timer", "name=again;interval=1;mode=1;"],
    ["rtimer", "exec", "timer=again;route=AGAIN"],
  ];
  const lines = parameters.map(
    ([module, name, value]) => `modparam("${module}", "${name}", ${typeof value === "number" ? value : `"${value}"`})`,
  );
  if (digest === "SHA-256") lines.push(`modparam("auth", "algorithm", "SHA-256")`);
  return [...loaded.map((name) => `loadmodule "${name}.so"`), ...lines].join("\n");
}

function requestRoutes(config: KamailioConfig): string {
  return `\n${entryRoute(config)}${accountRoutes(config)}${deliveryRoutes(config)}`;
}

function entryRoute({ ports }: KamailioConfig): string {
  return `request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("OPTIONS") && uri==myself && $rU==$null) { sl_send_reply("200", "Here"); exit; }
  if (!sanity_check("17895", "7")) exit;
  if (is_method("CANCEL")) { if (t_check_trans()) route(RELAY); exit; }
  if (!is_method("ACK")) {
    if (t_precheck_trans()) { t_check_trans(); exit; }
    t_check_trans();
  }
  # no call is ever taken here, so that an ACK belongs to a refusal, which is between neighbours
  if (is_method("ACK")) { t_check_trans(); exit; }
  force_rport();
  # whoever came over a connection is answered over it, whatever address their Contact claims
  if ($proto != "udp" && is_method("SUBSCRIBE|NOTIFY")) fix_nated_contact();
  if (has_totag()) {
    if (loose_route()) { route(RELAY); exit; }
    if (is_method("SUBSCRIBE") && uri==myself) { route(PRESENCE); exit; }
    if (is_method("NOTIFY|BYE|INFO|MESSAGE")) { route(RELAY); exit; }
    sl_send_reply("404", "Not here"); exit;
  }
  # stored messages come from our own port
  if ($si=="127.0.0.1" && $sp==${ports.sip}) route(RECALL);
  else route(AUTH);
  if (is_method("REGISTER")) { route(REGISTER); exit; }
  if (is_method("PUBLISH|SUBSCRIBE")) { route(PRESENCE); exit; }
  if (uri!=myself) { sl_send_reply("403", "No relaying"); exit; }
  if ($rU==$null) { sl_send_reply("484", "Address Incomplete"); exit; }
  if (is_method("INVITE|REFER")) route(CALL);
  if (!is_method("MESSAGE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
  route(DELIVER);
}

`;
}

function accountRoutes({ domain }: KamailioConfig): string {
  return `route[AUTH] {
  if (is_method("REGISTER")) {
    if (!www_authenticate("$td", "subscriber")) { www_challenge("$td", "1"); exit; }
    if ($au!=$tU) { sl_send_reply("403", "Forbidden"); exit; }
  } else {
    if ($fd!="${domain}") { sl_send_reply("403", "No relaying"); exit; }
    if (!proxy_authenticate("$fd", "subscriber")) { proxy_challenge("$fd", "1"); exit; }
    if ($au!=$fU) { sl_send_reply("403", "Forbidden"); exit; }
    consume_credentials();
  }
}

route[REGISTER] {
  if ($proto != "udp") fix_nated_register();
  if (!save("location")) { sl_reply_error(); exit; }
  if ($hdr(Expires) != "0" && is_present_hf("Contact")) m_dump();
  exit;
}

# a message that was stored just while its receiver signed in would wait for the next time
route[AGAIN] {
  if (!sql_query("store", "select distinct username, domain from silo", "kept")) return;
  $var(i) = 0;
  while ($var(i) < $dbr(kept=>rows)) {
    $var(who) = "sip:" + $dbr(kept=>[$var(i),0]) + "@" + $dbr(kept=>[$var(i),1]);
    if (registered("location", "$var(who)")) m_dump("$var(who)");
    $var(i) = $var(i) + 1;
  }
  sql_result_free("kept");
}

route[PRESENCE] {
  if (!t_newtran()) { sl_reply_error(); exit; }
  if (is_method("PUBLISH")) handle_publish(); else handle_subscribe();
  t_release();
  exit;
}

route[CALL] {
  if (!lookup("location")) { sl_send_reply("480", "Temporarily Unavailable"); exit; }
  route(RELAY);
}

`;
}

function deliveryRoutes({ msiloTypes }: KamailioConfig): string {
  const remember = msiloTypes === "kept" ? "route(REMEMBER);" : "";
  return `route[DELIVER] {
  if (!lookup("location")) {
    # read it first: the next function overwrites $rc
    $var(why) = $rc;
    if ($var(why) == -1) { route(KEEP); }
    sl_send_reply("404", "Not Found");
    exit;
  }
  t_on_failure("UNDELIVERED");
  route(RELAY);
}

# for later: not for who has no account here, and not what only matters now
route[KEEP] {
  if (!does_uri_exist()) return;
  if ($cT =~ "im-iscomposing") { sl_send_reply("480", "Temporarily Unavailable"); exit; }
  ${remember}
  if (m_store("$ru")) sl_send_reply("202", "Accepted"); else sl_send_reply("503", "Cannot store");
  exit;
}

# the store keeps the body, and takes every type for text/plain: what else a receiver needs is handed to it here
route[REMEMBER] {
  $avp(extra) = "X-Stored-Type: " + $cT + "\\r\\n";
  if ($hdr(Message-ID) != $null) $avp(extra) = $avp(extra) + "Message-ID: " + $hdr(Message-ID) + "\\r\\n";
}

route[RECALL] {
  if ($hdr(X-Stored-Type) == $null) return;
  remove_hf("Content-Type");
  append_hf("Content-Type: $hdr(X-Stored-Type)\\r\\n");
  remove_hf("X-Stored-Type");
}

failure_route[UNDELIVERED] {
  if (t_is_canceled()) exit;
  if (t_check_status("408|477|480|503")) {
    # they may be back under another contact since
    if (!isflagset(1)) {
      setflag(1);
      $ru = $ou;
      if (lookup("location")) {
        t_on_failure("UNDELIVERED");
        t_relay();
        exit;
      }
    }
    ${remember}
    if (m_store("$ou")) t_reply("202", "Accepted");
  }
}

route[RELAY] { if (!t_relay()) sl_reply_error(); exit; }
`;
}

function xcapRoute({ domain }: KamailioConfig): string {
  const refresh = `{ pres_update_watchers("$var(me)", "presence"); pres_refresh_watchers("$var(me)", "presence", 1); }`;
  return `
event_route[xhttp:request] {
  if (!($hu =~ "^/xcap-root/")) { xhttp_reply("404", "Not Found", "text/plain", "no"); exit; }
  if (!www_authenticate("${domain}", "subscriber")) { www_challenge("${domain}", "1"); exit; }
  $var(me) = "sip:" + $au + "@${domain}";
  $xcapuri(u=>data) = $hu;
  if ($xcapuri(u=>tree) == "users" && $xcapuri(u=>xuid) != $var(me)) { xhttp_reply("403", "Forbidden", "", ""); exit; }
  switch ($rm) {
    case "GET":
      xcaps_get("$var(me)", "$hu");
      exit;
    case "PUT":
      xcaps_put("$var(me)", "$hu", "$rb");
      if ($xcapuri(u=>auid) =~ "pres-rules") ${refresh}
      exit;
    case "DELETE":
      xcaps_del("$var(me)", "$hu");
      if ($xcapuri(u=>auid) =~ "pres-rules") ${refresh}
      exit;
  }
  xhttp_reply("405", "Method Not Allowed", "text/plain", "no");
}
`;
}
