// How the installers are made (`npm run package`). What ships is the bundles and the native packages; nothing else of
// node_modules is needed, because everything else is in the bundles.

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
    "node_modules/@signalapp/sqlcipher/{package.json,dist/*.cjs,dist/*.mjs,prebuilds/${platform}-${arch}/**}",
    "node_modules/keytar/{package.json,lib/**,prebuilds/${platform}-${arch}/**}",
    // Windows only; elsewhere there is no prebuilt file of it, and nothing loads it.
    "node_modules/native-reg/{package.json,lib/*.js,prebuilds/${platform}-${arch}/**}",
    "node_modules/node-gyp-build/{package.json,*.js}",
  ],
  asar: true,
  // Native code and worker threads are loaded from real files.
  asarUnpack: [
    "**/*.node",
    "dist/history-worker.mjs",
    "dist/export-worker.mjs",
    "node_modules/@signalapp/sqlcipher/**",
    "node_modules/native-reg/**",
    "node_modules/node-gyp-build/**",
  ],
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
    target: ["dmg", "zip"],
    category: "public.app-category.business",
    hardenedRuntime: true,
    gatekeeperAssess: false,
  },
  win: { target: ["nsis", "msi"] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  // Where updates come from is the organization's decision; nothing is published or looked for by itself.
  publish: null,
};
