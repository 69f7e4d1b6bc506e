import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { linkSchemes } from "../main/addressing/link-schemes.ts";
import { appId } from "../main/host/app-id.ts";
import { isForWindow } from "../main/host/electron/arguments.ts";
import { domain } from "./policy/keys.ts";

interface Targets {
  readonly target: readonly { readonly target: string; readonly arch: readonly string[] }[];
}

const require = createRequire(import.meta.url);
/** As electron-builder itself finds its parts. */
const ofBuilder = createRequire(require.resolve("electron-builder"));
const config: {
  readonly appId: string;
  readonly electronFuses: object;
  readonly asar: object;
  readonly publish: null;
  readonly forceCodeSigning: boolean;
  readonly protocols: readonly { readonly schemes: readonly string[] }[];
  readonly linux: Targets;
  readonly mac: Targets;
  readonly win: Targets;
  readonly msi: object;
  readonly appImage: object;
} = require("./electron-builder.config.cjs");

describe("the configuration of electron-builder", () => {
  it("is what its own JSON Schema allows, and a misspelt member is not", () => {
    const schema = ofBuilder("app-builder-lib/scheme.json");
    // The schema has keywords of its makers' own.
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    validate(config);
    expect(validate.errors).toBeNull();
    expect(validate({ ...config, msi: { ...config.msi, perMachines: true } })).toBe(false);
  });

  it("makes every installer for both architectures", () => {
    const made = [config.linux, config.mac, config.win].flatMap(({ target }) => target);
    expect(made.map(({ target }) => target)).toEqual(["AppImage", "deb", "rpm", "dmg", "pkg", "zip", "nsis", "msi"]);
    for (const { target, arch } of made) expect(arch, target).toEqual(["x64", "arm64"]);
  });

  it("installs the MSI for the whole computer, and starts nothing then", () => {
    expect(config.msi).toMatchObject({ perMachine: true, oneClick: true, runAfterFinish: false });
  });

  it("makes nothing unsigned of a release", () => {
    const path = require.resolve("./electron-builder.config.cjs");
    expect(config.forceCodeSigning).toBe(false);
    delete require.cache[path];
    process.env["HALLWAY_RELEASE"] = "1";
    expect(require(path).forceCodeSigning).toBe(true);
    delete process.env["HALLWAY_RELEASE"];
  });
});

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

it("has one name for every desktop", async () => {
  const { desktopName } = require("../package.json") as { readonly desktopName: string };
  expect([config.appId, domain, desktopName]).toEqual([appId, appId, `${appId}.desktop`]);
  expect(config.protocols.flatMap(({ schemes }) => schemes)).toEqual(linkSchemes);
  const thin = await readFile(new URL("packaging/deb/deb.ts", import.meta.url), "utf8");
  expect(thin).toContain(`applications/${appId}.desktop`);
});

interface AppImageTarget {
  readonly desktopEntry: { readonly value: Promise<string> };
}

/** The command of an AppImage's desktop entry, as the installed electron-builder makes it of a configuration. */
async function appImageCommand(appImage: object): Promise<readonly string[]> {
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
