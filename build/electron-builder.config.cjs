// How the installers are made (`npm run package`). What ships is the bundles and the native packages; nothing else of
// node_modules is needed, because everything else is in the bundles.

const linkSchemes = ["xmpp", "sip", "sips", "im", "pres"];

/**
 * Native code for one system; electron-builder's own `${platform}` is the machine that builds. An object, for of plain
 * patterns under `linux`, `mac` and `win` electron-builder hands only the exclusions to what it takes from node_modules
 * (getNodeModuleFileMatcher in app-builder-lib).
 *
 * @type {(system: string, more?: readonly string[]) => import("electron-builder").FileSet[]}
 */
const prebuilds = (system, more = []) => [
  {
    filter: [
      ...["@signalapp/sqlcipher", "keytar"].map((name) => `node_modules/${name}/prebuilds/${system}-\${arch}/**`),
      ...more,
    ],
  },
];

/** @type {import("electron-builder").Configuration} */
module.exports = {
  appId: "im.hallway.desktop",
  productName: "Hallway",
  copyright: "Copyright the Hallway contributors. AGPL-3.0-or-later.",
  directories: { output: ".cache/package", buildResources: "build/icons" },
  icon: "build/icons/hallway.png",
  files: [
    "dist/**",
    "LICENSE",
    "package.json",
    // The entry of the other host.
    "!dist/main.mjs*",
    "!dist/main-*",
    // Bundled; only the packages with native code are loaded from node_modules.
    "!node_modules/**",
    "node_modules/@signalapp/sqlcipher/{package.json,dist/*.cjs,dist/*.mjs}",
    "node_modules/keytar/{package.json,lib/**}",
    // Finds the file of this system among the prebuilt ones.
    "node_modules/node-gyp-build/{package.json,index.js,node-gyp-build.js}",
  ],
  // Links that the desktop hands over (main/addressing/link-schemes.ts). On Linux the desktop entry names them.
  protocols: [{ name: "Hallway chat", role: "Viewer", schemes: linkSchemes }],
  // Of packages with native code electron-builder would unpack all, loaders too.
  asar: { smartUnpack: false },
  // The system loads native code from real files only; everything else, threads too, starts from the archive.
  asarUnpack: ["**/*.node"],
  // Both native packages bring prebuilt N-API files, which do not depend on Electron's version.
  npmRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
    resetAdHocDarwinSignature: true,
  },
  linux: {
    files: prebuilds("linux"),
    target: ["AppImage", "deb", "rpm"],
    category: "Network",
    synopsis: "Instant messaging with one contact list over XMPP and SIP/SIMPLE",
    maintainer: "The Hallway contributors <hallway@example.invalid>",
    // The desktop file's name, which Electron says for its windows and notifications (package.json, desktopName).
    syncDesktopName: true,
  },
  // Without a list, electron-builder adds --no-sandbox, which Hallway refuses (main/host/electron/switches.ts).
  appImage: { executableArgs: [] },
  // electron-builder's own, and the library of the secret store, which it names for deb alone.
  rpm: {
    depends: [
      "gtk3",
      "libnotify",
      "nss",
      "libXScrnSaver",
      "(libXtst or libXtst6)",
      "xdg-utils",
      "at-spi2-core",
      "(libuuid or libuuid1)",
      "(libsecret or libsecret-1-0)",
    ],
  },
  mac: {
    files: prebuilds("darwin"),
    target: ["dmg", "zip"],
    category: "public.app-category.business",
    hardenedRuntime: true,
    gatekeeperAssess: false,
  },
  win: {
    // Windows only; elsewhere there is no prebuilt file of native-reg, and nothing loads it.
    files: prebuilds("win32", [
      "node_modules/native-reg/prebuilds/win32-${arch}/**",
      "node_modules/native-reg/{package.json,lib/*.js}",
    ]),
    target: ["nsis", "msi"],
  },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  // Where updates come from is the organization's decision; nothing is published or looked for by itself.
  publish: null,
};
