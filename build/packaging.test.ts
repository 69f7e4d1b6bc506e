import { createRequire } from "node:module";
import { expect, it } from "vitest";

const config: { readonly electronFuses: object; readonly asar: boolean; readonly publish: null } = createRequire(
  import.meta.url,
)("./electron-builder.config.cjs");

it("closes Electron's own doors in what is shipped", () => {
  expect(config.electronFuses).toMatchObject({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
  expect(config.asar).toBe(true);
  expect(config.publish).toBeNull();
});
