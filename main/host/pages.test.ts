import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentSecurityPolicy, findPage, pageHeaders, readPages } from "./pages.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-pages-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the window's files", () => {
  it("are plain files of known types in the folder itself", async () => {
    await writeFile(join(folder, "index.html"), "<!doctype html>");
    await writeFile(join(folder, "main.js"), "1");
    await writeFile(join(folder, "notes.txt"), "x");
    await writeFile(join(folder, "main.js.map"), "x");
    await mkdir(join(folder, "sub.js"));
    await symlink("/etc/passwd", join(folder, "link.js"));
    const pages = await readPages(folder);
    expect([...pages.keys()].sort()).toEqual(["/", "/index.html", "/main.js"]);
    expect(pages.get("/main.js")?.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "content-security-policy": contentSecurityPolicy,
      "x-content-type-options": "nosniff",
    });
  });

  it("are served up to 16 MiB; a larger one is left out, and those beside it are not", async () => {
    await writeFile(join(folder, "index.html"), "<!doctype html>");
    for (const [name, size] of [
      ["large.js", 16 * 1024 * 1024],
      ["larger.js", 16 * 1024 * 1024 + 1],
    ] as const) {
      await writeFile(join(folder, name), "");
      await truncate(join(folder, name), size);
    }
    expect([...(await readPages(folder)).keys()].sort()).toEqual(["/", "/index.html", "/large.js"]);
  });

  it.each([
    ["html", "text/html; charset=utf-8"],
    ["js", "text/javascript; charset=utf-8"],
    ["css", "text/css; charset=utf-8"],
    ["svg", "image/svg+xml"],
    ["png", "image/png"],
    ["ico", "image/x-icon"],
    ["woff2", "font/woff2"],
    ["exe", "application/octet-stream"],
  ])(
    "say of .%s what it is, that nothing else is to be made of it, and that nobody else may have it",
    (ending, type) => {
      expect(pageHeaders(`a.${ending}`)).toEqual({
        "content-type": type,
        "content-security-policy": contentSecurityPolicy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
      });
    },
  );

  it("must be there", async () => {
    await expect(readPages(folder)).rejects.toThrow(/no index.html/u);
  });

  it("are found by exact path on their own origin only", async () => {
    await writeFile(join(folder, "index.html"), "<!doctype html>");
    const pages = await readPages(folder);
    const origin = "https://hallway.invalid";
    for (const url of [`${origin}/`, origin, `${origin}/index.html`, `${origin}/?q=1#h`])
      expect(findPage(pages, origin, url), url).toBeDefined();
    expect([
      findPage(pages, "app://hallway", "app://hallway"),
      findPage(pages, "app://hallway", "app://hallway/"),
    ]).toEqual([pages.get("/"), pages.get("/")]);
    expect(findPage(pages, "app://hallway", "app://other/")).toBeUndefined();
    for (const url of [
      "https://hallway.invalid.example/",
      "http://hallway.invalid/",
      "https://hallway.invalid:444/",
      `${origin}/..%2findex.html`,
      "x",
      "",
    ]) {
      expect(findPage(pages, origin, url), url).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        expect(findPage(pages, origin, url)).toBeUndefined();
      }),
    );
  });

  it("allow no inline script, no evaluation, no network", () => {
    const directives = contentSecurityPolicy.split("; ");
    for (const denied of ["default-src", "connect-src", "base-uri", "form-action", "frame-ancestors"])
      expect(directives).toContain(`${denied} 'none'`);
    for (const own of ["script-src", "style-src", "font-src"]) expect(directives).toContain(`${own} 'self'`);
    expect(directives).toContain("img-src 'self' data: blob:");
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/u);
  });
});
