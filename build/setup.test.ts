import { describe, expect, it } from "vitest";
import { installedPackages, instructions, missingPackages } from "./setup.mjs";
import { purposes } from "./system-packages.mjs";

const packages = [
  { debian: "chromium", programs: ["chromium", "google-chrome"], what: "the window" },
  { debian: "prosody", programs: ["prosody"], what: "the XMPP server" },
  { debian: "kamailio-tls-modules", programs: [], what: "TLS" },
];
const nothing = { installed: new Set<string>(), hasProgram: () => false };

describe("what is missing", () => {
  it("reads dpkg's list: only what is really installed counts", () => {
    const answer =
      "chromium install ok installed\nprosody deinstall ok config-files\nkamailio unknown ok not-installed\nxvfb install ok half-configured\n";
    expect([...installedPackages(answer)]).toEqual(["chromium"]);
    expect(installedPackages("").size).toBe(0);
  });

  it("takes Debian's word for packages, and a program from elsewhere as good", () => {
    const machine = {
      apt: true,
      installed: new Set(["kamailio-tls-modules"]),
      hasProgram: (name: string) => name === "google-chrome",
    };
    expect(missingPackages(packages, machine).map((p) => p.debian)).toEqual(["prosody"]);
    expect(missingPackages(packages, { ...nothing, apt: true })).toEqual(packages);
  });

  it("can look only for programs elsewhere", () => {
    expect(missingPackages(packages, { ...nothing, apt: false }).map((p) => p.debian)).toEqual(["chromium", "prosody"]);
  });
});

describe("what a person is told", () => {
  it("is the exact command on Debian", () => {
    expect(instructions(packages, { platform: "linux", apt: true })).toContain(
      "sudo apt-get install --no-install-recommends chromium prosody kamailio-tls-modules",
    );
  });

  it("names each thing and what it is for on every system", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      const text = instructions(packages, { platform, apt: false });
      for (const { what } of packages) expect(text).toContain(what);
    }
  });
});

it("lists no package twice, and tests need all that the demo needs", () => {
  for (const list of Object.values(purposes)) expect(new Set(list.map((p) => p.debian)).size).toBe(list.length);
  for (const p of purposes.demo) expect(purposes.test).toContain(p);
});
