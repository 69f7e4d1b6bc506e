// What the machine itself must have, by purpose: Debian's package, how its presence is seen elsewhere, and what it is
// called there. One line a package; add yours here and `npm run demo` and `npm test` install it.

/**
 * @typedef {object} SystemPackage
 * @property {string} debian   package on Debian and Ubuntu
 * @property {readonly string[]} programs   any of these in PATH (or at this path) is enough; empty: seen only by Debian's package list
 * @property {string} what   what it is for, for the person who has to install it
 * @property {string} [elsewhere]   name in other systems' package managers, where it differs
 */

/** A window: any of the browsers that the Chromium host takes. */
const browser = {
  debian: "chromium",
  programs: [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  what: "the window (Chromium, Chrome or Edge)",
};

/** Servers on loopback, with a window. */
const demo = [
  browser,
  { debian: "fonts-noto-core", programs: [], what: "letters to draw with" },
  { debian: "fonts-noto-color-emoji", programs: [], what: "emoji to draw with" },
  {
    debian: "xvfb",
    programs: ["Xvfb"],
    what: "a display where there is none",
    elsewhere: "Xvfb (xorg-x11-server-Xvfb, xorg-server-xvfb)",
  },
  { debian: "openssl", programs: ["openssl"], what: "certificates for the servers" },
  { debian: "sqlite3", programs: ["sqlite3"], what: "the SIP server's tables" },
  { debian: "prosody", programs: ["prosody"], what: "the XMPP server" },
  { debian: "lua-unbound", programs: [], what: "the XMPP server's resolver" },
  { debian: "lua-readline", programs: [], what: "the XMPP server's console" },
  { debian: "lua-dbi-sqlite3", programs: [], what: "the XMPP server's large archives (bench)" },
  { debian: "kamailio", programs: ["kamailio", "/usr/sbin/kamailio"], what: "the SIP server" },
  { debian: "kamailio-presence-modules", programs: [], what: "the SIP server's presence" },
  { debian: "kamailio-sqlite-modules", programs: [], what: "the SIP server's tables" },
  { debian: "kamailio-tls-modules", programs: [], what: "the SIP server's TLS" },
  { debian: "kamailio-websocket-modules", programs: [], what: "the SIP server's WebSocket" },
  { debian: "kamailio-xml-modules", programs: [], what: "the SIP server's XML" },
  { debian: "kamailio-utils-modules", programs: [], what: "the SIP server's helpers" },
];

/** Other people's clients and a secret store, to be tested against. */
const test = [
  ...demo,
  { debian: "kamailio-outbound-modules", programs: [], what: "the SIP edge proxy's flow tokens" },
  { debian: "erlang-p1-sip", programs: [], what: "the SIP service of that XMPP server" },
  { debian: "ejabberd", programs: ["ejabberdctl", "/usr/sbin/ejabberdctl"], what: "another XMPP server" },
  { debian: "prosody-modules", programs: [], what: "the XMPP server's privacy lists" },
  { debian: "tinyproxy-bin", programs: ["tinyproxy"], what: "an HTTP proxy", elsewhere: "tinyproxy" },
  { debian: "microsocks", programs: ["microsocks"], what: "a SOCKS proxy" },
  { debian: "dbus", programs: ["dbus-daemon"], what: "a message bus for finch and the secret store" },
  { debian: "python3-gi", programs: [], what: "services on that message bus" },
  { debian: "gnome-keyring", programs: ["gnome-keyring-daemon"], what: "a secret store" },
  { debian: "libsecret-1-0", programs: [], what: "the library that talks to the secret store" },
  { debian: "rpm", programs: ["rpmbuild"], what: "the rpm package" },
  { debian: "dpkg", programs: ["dpkg-deb"], what: "the deb package" },
  { debian: "lintian", programs: ["lintian"], what: "the check of the deb package" },
  { debian: "desktop-file-utils", programs: ["desktop-file-validate"], what: "the check of the desktop entry" },
  { debian: "python3-jsonschema", programs: [], what: "another reader of the policy's JSON Schema" },
  { debian: "rsyslog", programs: ["rsyslogd", "/usr/sbin/rsyslogd"], what: "a syslog server for the archive feed" },
  { debian: "rsyslog-gnutls", programs: [], what: "the syslog server's TLS (GnuTLS)" },
  { debian: "rsyslog-openssl", programs: [], what: "the syslog server's TLS (OpenSSL)" },
  { debian: "profanity", programs: ["profanity"], what: "somebody else's XMPP client" },
  { debian: "finch", programs: ["finch"], what: "somebody else's SIMPLE client" },
  { debian: "liblinphone10", programs: [], what: "somebody else's SIP client, without its window" },
  { debian: "linphone-common", programs: [], what: "what that client reads at its start" },
  { debian: "twinkle-console", programs: ["twinkle-console"], what: "somebody else's SIP phone" },
  { debian: "gajim", programs: ["gajim"], what: "somebody else's XMPP client, with a window" },
  { debian: "dino-im", programs: ["dino-im"], what: "another XMPP client with a window" },
  { debian: "xdotool", programs: ["xdotool"], what: "keys for clients with a window" },
  { debian: "tmux", programs: ["tmux"], what: "a terminal for those without" },
];

/** @type {Readonly<Record<"demo" | "test", readonly SystemPackage[]>>} */
export const purposes = { demo, test };
