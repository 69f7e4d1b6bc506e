/** Command line that main may change (electron.CommandLine). */
export interface CommandLine {
  hasSwitch(name: string): boolean;
  removeSwitch(name: string): void;
}

/**
 * Switches of Chromium and Node with which another program could read or steer the window, run code in it, or choose
 * whom it trusts. Chromium takes them as --x, -x and on Windows /x, wherever they stand; asked of Chromium itself, none
 * is overlooked.
 */
export const refusedSwitches = [
  "remote-debugging-port",
  "remote-debugging-pipe",
  "remote-debugging-address",
  "remote-debugging-socket-name",
  "remote-allow-origins",
  "auto-open-devtools-for-tabs",
  "enable-automation",
  "inspect",
  "inspect-brk",
  "inspect-brk-node",
  "inspect-port",
  "inspect-publish-uid",
  "inspect-wait",
  "js-flags",
  "require",
  "load-extension",
  "disable-extensions-except",
  "gpu-launcher",
  "renderer-cmd-prefix",
  "renderer-startup-dialog",
  "utility-cmd-prefix",
  "utility-and-browser",
  "zygote-cmd-prefix",
  "ppapi-plugin-launcher",
  "browser-subprocess-path",
  "single-process",
  "in-process-gpu",
  "no-sandbox",
  "no-zygote",
  "disable-setuid-sandbox",
  "disable-namespace-sandbox",
  "disable-seccomp-filter-sandbox",
  "disable-gpu-sandbox",
  "allow-sandbox-debugging",
  "disable-web-security",
  "disable-site-isolation-trials",
  "allow-file-access-from-files",
  "allow-running-insecure-content",
  "ignore-certificate-errors",
  "ignore-certificate-errors-spki-list",
  "host-rules",
  "host-resolver-rules",
  "proxy-server",
  "proxy-pac-url",
  "ssl-key-log-file",
  "log-net-log",
  "net-log-capture-mode",
  "user-data-dir",
] as const;

/**
 * Variables with which Electron or Chromium does the same; a fuse closes ELECTRON_RUN_AS_NODE and NODE_OPTIONS
 * (build/electron-builder.config.cjs).
 */
export const refusedVariables = [
  "ELECTRON_DISABLE_SANDBOX",
  "ELECTRON_FORCE_IS_PACKAGED",
  "ELECTRON_RUN_AS_NODE",
  "CHROME_DEVEL_SANDBOX",
  "SSLKEYLOGFILE",
] as const;

/** First of these variables that is set, on Windows however it is written. */
export function refusedVariable(environment: NodeJS.ProcessEnv): string | undefined {
  return refusedVariables.find((name) => environment[name] !== undefined && environment[name] !== "");
}

/** Takes every such switch away, so that Chromium does not act on it, and answers the first that stood there. */
export function refuseSwitches(commandLine: CommandLine): string | undefined {
  const present = refusedSwitches.filter((name) => commandLine.hasSwitch(name));
  for (const name of present) commandLine.removeSwitch(name);
  return present[0];
}
