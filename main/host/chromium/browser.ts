import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Names looked for in PATH, and places where installers put it, best first. Chromium before Chrome before Edge. */
const names = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "microsoft-edge-stable",
  "microsoft-edge",
];

const macApplications = [
  "Chromium.app/Contents/MacOS/Chromium",
  "Google Chrome.app/Contents/MacOS/Google Chrome",
  "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

const windowsPrograms = [
  "Chromium\\Application\\chrome.exe",
  "Google\\Chrome\\Application\\chrome.exe",
  "Microsoft\\Edge\\Application\\msedge.exe",
];

/** Every place where a usable browser may be on this system, best first. */
export function browserCandidates(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): readonly string[] {
  if (platform === "darwin") {
    const roots = ["/Applications", ...(environment["HOME"] ? [join(environment["HOME"], "Applications")] : [])];
    return roots.flatMap((root) => macApplications.map((path) => join(root, path)));
  }
  if (platform === "win32") {
    const roots = ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"]
      .map((name) => environment[name])
      .filter((root) => root !== undefined);
    return windowsPrograms.flatMap((path) => roots.map((root) => `${root}\\${path}`));
  }
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder.startsWith("/"));
  return [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
  ];
}

/** Path of a system Chromium, Chrome or Edge; undefined: none is installed. */
export function findBrowser(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  usable: (path: string) => boolean = isExecutable,
): string | undefined {
  return browserCandidates(platform, environment).find(usable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
