import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentSecurityPolicy, findPage, readPages } from "./pages.ts";

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

  it("must be there", async () => {
    await expect(readPages(folder)).rejects.toThrow(/no index.html/u);
  });

  it("are found by exact path on their own origin only", async () => {
    await writeFile(join(folder, "index.html"), "<!doctype html>");
    const pages = await readPages(folder);
    const origin = "https://hallway.invalid";
    for (const url of [`${origin}/`, origin, `${origin}/index.html`, `${origin}/?q=1#h`]) expect(findPage(pages, origin, url), url).toBeDefined();
    for (const url of ["https://hallway.invalid.example/", "http://hallway.invalid/", "https://hallway.invalid:444/", `${origin}/..%2findex.html`, "x", ""]) {
      expect(findPage(pages, origin, url), url).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        expect(findPage(pages, origin, url)).toBeUndefined();
      }),
    );
  });

  it("allow no inline script, no evaluation, no network", () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("connect-src 'none'");
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/u);
  });
});
