import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { appId } from "../main/host/app-id.ts";
import { domain } from "./policy/keys.ts";

const config: {
  readonly appId: string;
  readonly electronFuses: object;
  readonly asar: boolean;
  readonly publish: null;
} = createRequire(import.meta.url)("./electron-builder.config.cjs");

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

it("has one name for every desktop", () => {
  const { desktopName } = createRequire(import.meta.url)("../package.json") as { readonly desktopName: string };
  expect([config.appId, domain, desktopName]).toEqual([appId, appId, `${appId}.desktop`]);
});
