import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../root.ts";
import type { ThirdParty } from "../third-party.ts";

/** Name of the package. The one with Electron is `hallway`: they cannot be installed together. */
export const packageName = "hallway-thin-client";

/** Facts of package.json about the program. */
export interface About {
  readonly version: string;
  readonly homepage: string;
  readonly author: { readonly name: string; readonly email: string };
}

export async function readAbout(): Promise<About> {
  return JSON.parse(await readFile(join(root, "package.json"), "utf8"));
}

/** Libraries that Node and the native modules load; those of libsecret, for the secret store, are its own affair. */
const libraries = ["libc6 (>= 2.28)", "libgcc-s1", "libstdc++6 (>= 8)", "libsecret-1-0"];
const browsers = ["chromium", "google-chrome-stable", "microsoft-edge-stable"];

/** Debian's control file (Debian Policy, section 5.3). `size`: in KiB. */
export function controlFile(about: About, fields: { readonly architecture: string; readonly size: number }): string {
  return [
    `Package: ${packageName}`,
    `Version: ${about.version}`,
    `Architecture: ${fields.architecture}`,
    `Maintainer: ${about.author.name} <${about.author.email}>`,
    `Installed-Size: ${fields.size}`,
    `Depends: ${[...libraries, browsers.join(" | ")].join(", ")}`,
    "Recommends: gnome-keyring | kwalletmanager, xdg-utils",
    "Provides: hallway",
    "Conflicts: hallway",
    "Replaces: hallway",
    "Section: net",
    "Priority: optional",
    `Homepage: ${about.homepage}`,
    "Description: instant messaging over XMPP and SIP/SIMPLE, in the system's browser",
    " Hallway shows one contact list over many networks, with live presence. History",
    " is encrypted on the computer, and the site's policy decides what may be kept.",
    " .",
    " This package is for thin clients and isolated sites: it brings a Node.js of its",
    " own and opens its window in the Chromium, Chrome or Edge of the system.",
    "",
  ].join("\n");
}

/** Entry of the changelog (Debian Policy, section 4.4); `date` in seconds since the epoch. */
export function changelog({ version, author }: About, date: number): string {
  const day = new Date(date * 1_000).toUTCString().replace("GMT", "+0000");
  const heading = `${packageName} (${version}) unstable; urgency=medium`;
  return `${heading}

  * Release ${version}.

 -- ${author.name} <${author.email}>  ${day}
`;
}

/** Licences of everything in the package, in Debian's machine-readable form (copyright-format 1.0). */
export async function copyrightFile(about: About, parties: readonly ThirdParty[]): Promise<string> {
  const licence = await readFile(join(root, "LICENSE"), "utf8");
  return [
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
    "Upstream-Name: Hallway",
    `Source: ${about.homepage}`,
    "Comment: The program is made of code of other packages, too; third-party-notices.txt.gz beside",
    ` this file has their licences: ${parties.map(({ name, version }) => `${name} ${version}`).join(", ")}.`,
    "",
    "Files: *",
    `Copyright: ${about.author.name}`,
    "License: AGPL-3.0-or-later",
    "",
    "Files: usr/lib/hallway/node",
    "Copyright: Node.js contributors",
    "License: Expat",
    "Comment: The licences of the libraries in it are printed by the Node.js project with each release.",
    "",
    "License: AGPL-3.0-or-later",
    indented(licence),
    "",
    "License: Expat",
    indented(expat),
    "",
  ].join("\n");
}

function indented(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => (line.trim() === "" ? " ." : ` ${line}`))
    .join("\n");
}

const expat = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
