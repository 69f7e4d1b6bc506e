import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Does what electron-builder has fpm do, with dpkg-deb and rpmbuild, for fpm itself cannot be had without a network. It
 * takes the arguments that electron-builder gives (app-builder-lib, FpmTarget) and refuses any other, so that nothing
 * of them is lost unseen.
 */
const single = [
  "-s",
  "-t",
  "--deb-compression",
  "--rpm-compression",
  "--rpm-os",
  "--rpm-summary",
  "--architecture",
  "--after-install",
  "--after-remove",
  "--description",
  "--version",
  "--package",
  "--name",
  "--maintainer",
  "--vendor",
  "--url",
  "--deb-priority",
  "--license",
] as const;
type Single = (typeof single)[number];

interface Order {
  readonly option: (name: Single) => string;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** From where, to where. */
  readonly files: readonly (readonly [string, string])[];
}

function read(args: readonly string[]): Order {
  const options = new Map<string, string>();
  const many: Record<"-d" | "--deb-recommends", string[]> = { "-d": [], "--deb-recommends": [] };
  const files: [string, string][] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? "";
    if (argument === "--force") continue;
    if (argument === "-d" || argument === "--deb-recommends") many[argument].push(args[++at] ?? "");
    else if (single.some((name) => name === argument)) options.set(argument, args[++at] ?? "");
    else if (!argument.startsWith("-") && argument.includes("="))
      files.push([argument.slice(0, argument.indexOf("=")), argument.slice(argument.indexOf("=") + 1)]);
    else throw new Error(`unknown argument ${argument}`);
  }
  return {
    option: (name) => options.get(name) ?? "",
    depends: many["-d"],
    recommends: many["--deb-recommends"],
    files,
  };
}

function lay({ files }: Order, into: string): void {
  for (const [from, to] of files) {
    mkdirSync(join(into, dirname(to)), { recursive: true });
    cpSync(from, join(into, to), { recursive: true });
  }
}

function makeDeb(order: Order, work: string): void {
  const { option } = order;
  const tree = join(work, "tree");
  lay(order, tree);
  mkdirSync(join(tree, "DEBIAN"));
  const [synopsis = "", ...rest] = option("--description").split("\n");
  const control = [
    `Package: ${option("--name")}`,
    `Version: ${option("--version")}`,
    `Architecture: ${option("--architecture")}`,
    `Maintainer: ${option("--maintainer")}`,
    `Homepage: ${option("--url")}`,
    `Priority: ${option("--deb-priority")}`,
    `Depends: ${order.depends.join(", ")}`,
    `Recommends: ${order.recommends.join(", ")}`,
    `Description: ${synopsis}`,
    ...rest.map((line) => ` ${line.trim()}`),
  ];
  writeFileSync(join(tree, "DEBIAN/control"), `${control.join("\n")}\n`);
  cpSync(option("--after-install"), join(tree, "DEBIAN/postinst"));
  cpSync(option("--after-remove"), join(tree, "DEBIAN/postrm"));
  execFileSync("chmod", ["0755", join(tree, "DEBIAN/postinst"), join(tree, "DEBIAN/postrm")]);
  execFileSync(
    "dpkg-deb",
    ["--root-owner-group", `-Z${option("--deb-compression")}`, "--build", tree, option("--package")],
    { stdio: "inherit" },
  );
}

function makeRpm(order: Order, work: string): void {
  const { option } = order;
  const tree = join(work, "tree");
  lay(order, tree);
  const spec = [
    `Name: ${option("--name")}`,
    `Version: ${option("--version")}`,
    "Release: 1",
    `Summary: ${option("--rpm-summary")}`,
    `License: ${option("--license")}`,
    `Vendor: ${option("--vendor")}`,
    `Packager: ${option("--maintainer")}`,
    `URL: ${option("--url")}`,
    "AutoReqProv: no",
    ...order.depends.map((name) => `Requires: ${name}`),
    "%description",
    option("--description"),
    `%post -f ${option("--after-install")}`,
    `%postun -f ${option("--after-remove")}`,
    "%files",
    ...order.files.map(([, to]) => to),
  ];
  writeFileSync(join(work, "package.spec"), `${spec.join("\n")}\n`);
  const build = [
    "-bb",
    "--target",
    "x86_64",
    "--buildroot",
    tree,
    "--define",
    `_topdir ${join(work, "rpm")}`,
    "--define",
    "__os_install_post %{nil}",
  ];
  execFileSync("rpmbuild", [...build, join(work, "package.spec")], { stdio: "inherit" });
  const made = readdirSync(join(work, "rpm/RPMS/x86_64"));
  renameSync(join(work, "rpm/RPMS/x86_64", made[0] ?? ""), option("--package"));
}

const order = read(process.argv.slice(2));
const work = mkdtempSync(join(dirname(order.option("--package")), "fpm-"));
try {
  (order.option("-t") === "deb" ? makeDeb : makeRpm)(order, work);
} finally {
  rmSync(work, { recursive: true });
}
