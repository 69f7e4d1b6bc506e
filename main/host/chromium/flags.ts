/**
 * The page that stands in the window until ours is loaded: blank, in the colour of the person's theme. `--app` wants an
 * address before anything can be intercepted, and this one needs no network.
 */
export const blankPage = `data:text/html,${encodeURIComponent('<!doctype html><meta name="color-scheme" content="light dark"><title>Hallway</title>')}`;

/** Parts of Chromium that would talk to somebody or offer something we do not want. */
const disabledFeatures = [
  "AutofillServerCommunication",
  "CertificateTransparencyComponentUpdater",
  "DialMediaRouteProvider",
  "InterestFeedContentSuggestions",
  "LensOverlay",
  "MediaRouter",
  "OptimizationHints",
  "PrivacySandboxSettings4",
  "Translate",
  "GlobalMediaControls",
];

/**
 * The command line of the window's browser. No network at all: everything, loopback included, is sent to a proxy where
 * nobody can be (port 1 is not for ordinary users, and SOCKS 5 leaves even names unresolved), background services are
 * off; what the page shows is answered over the pipe. No port is opened.
 */
export function browserFlags(options: {
  readonly profile: string;
  readonly locale: string;
  readonly firstStart: boolean;
  readonly extra: readonly string[];
}): readonly string[] {
  return [
    `--app=${blankPage}`,
    "--remote-debugging-pipe",
    `--user-data-dir=${options.profile}`,
    `--lang=${options.locale}`,
    "--class=Hallway",
    // Later the browser itself remembers where its window was.
    ...(options.firstStart ? ["--window-size=1180,760"] : []),
    "--proxy-server=socks5://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-component-extensions-with-background-pages",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-search-engine-choice-screen",
    `--disable-features=${disabledFeatures.join(",")}`,
    "--metrics-recording-only",
    "--no-pings",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-service-autorun",
    "--hide-crash-restore-bubble",
    "--disable-session-crashed-bubble",
    // The profile holds nothing worth a key, and asking for one would put a dialog in front of the person.
    "--password-store=basic",
    "--use-mock-keychain",
    ...options.extra,
  ];
}
