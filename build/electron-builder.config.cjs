// How the installers are made (`npm run package`). What ships is the bundles and the native packages; nothing else of
// node_modules is needed, because everything else is in the bundles.

// `HALLWAY_RELEASE=1 npm run package`: what is not signed is not made. Certificates and notarization come from the
// environment (docs/install.md).
const isRelease = process.env["HALLWAY_RELEASE"] === "1";

/**
 * The same installers for both architectures.
 *
 * @type {(...targets: readonly string[]) => import("electron-builder").TargetConfiguration[]}
 */
const bothArchitectures = (...targets) => targets.map((target) => ({ target, arch: ["x64", "arm64"] }));

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
  forceCodeSigning: isRelease,
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
    target: bothArchitectures("AppImage", "deb", "rpm"),
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
    target: bothArchitectures("dmg", "pkg", "zip"),
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
    target: bothArchitectures("nsis", "msi"),
  },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  // For everybody on the computer, without a question; its code is fixed, so that the next version replaces this one.
  msi: {
    oneClick: true,
    perMachine: true,
    runAfterFinish: false,
    upgradeCode: "{0B6C9D0E-5C1F-4E43-9B0A-7C2C8F1D6A35}",
  },
  // Where updates come from is the organization's decision; nothing is published or looked for by itself.
  publish: null,
};
