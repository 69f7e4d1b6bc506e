import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { appId } from "../main/host/app-id.ts";
import { isForWindow } from "../main/host/electron/arguments.ts";
import { domain } from "./policy/keys.ts";

const config: {
  readonly appId: string;
  readonly electronFuses: object;
  readonly asar: object;
  readonly publish: null;
  readonly linux: object;
  readonly appImage: object;
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
  expect(config.asar).toEqual({ smartUnpack: false });
  expect(config.publish).toBeNull();
});

it("has one name for every desktop", () => {
  const { desktopName } = createRequire(import.meta.url)("../package.json") as { readonly desktopName: string };
  expect([config.appId, domain, desktopName]).toEqual([appId, appId, `${appId}.desktop`]);
});

interface AppImageTarget {
  readonly desktopEntry: { readonly value: Promise<string> };
}

/** The command of an AppImage's desktop entry, as the installed electron-builder makes it of a configuration. */
async function appImageCommand(appImage: object): Promise<readonly string[]> {
  const ofBuilder = createRequire(createRequire(import.meta.url).resolve("electron-builder"));
  const { default: Target }: { default: new (...args: readonly unknown[]) => AppImageTarget } = ofBuilder(
    "app-builder-lib/out/targets/appimage/AppImageTarget",
  );
  const packager = { platformSpecificBuildOptions: config.linux, config: { ...config, appImage }, appInfo: {} };
  const helper = { computeDesktopEntry: (_: object, command: string) => Promise.resolve(command) };
  return (await new Target("AppImage", packager, helper, "").desktopEntry.value).split(" ");
}

it("starts an AppImage in its sandbox, with nothing that Hallway refuses", async () => {
  expect(await appImageCommand({})).toContain("--no-sandbox");
  const [program, ...args] = await appImageCommand(config.appImage);
  expect([program, args.at(-1)]).toEqual(["AppRun", "%U"]);
  for (const argument of args.slice(0, -1)) expect(isForWindow(argument), argument).toBe(true);
});
