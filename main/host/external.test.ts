import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { externalUrl, openCommand } from "./external.ts";

describe("links that may be opened outside", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["HTTP://EXAMPLE.com/a?b=c#d", "http://example.com/a?b=c#d"],
    ["mailto:alice@example.com?subject=Hi", "mailto:alice@example.com?subject=Hi"],
    ["https://bücher.example/", "https://xn--bcher-kva.example/"],
  ])("takes %s", (text, url) => {
    expect(externalUrl(text)).toBe(url);
  });

  it.each([
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://example.com/",
    "smb://server/share",
    "vscode://file/x",
    "app://hallway/",
    "https://user@example.com/",
    "https://user:password@example.com/",
    "https://example.com/\n--version",
    " https://example.com/",
    "https://",
    "--help",
    "-v",
    "C:\\Windows\\System32\\calc.exe",
    "\\\\server\\share",
    "",
    `https://example.com/${"a".repeat(9000)}`,
  ])("refuses %s", (text) => {
    expect(externalUrl(text)).toBeUndefined();
  });

  it("never lets through what could be an option, a second argument or another scheme", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((rest) => `https://${rest}`),
        ),
        (text) => {
          const url = externalUrl(text);
          if (url === undefined) return;
          expect(url).toMatch(/^(https?:\/\/[^\s@/]|mailto:)[!-~]*$/u);
          expect(externalUrl(url)).toBe(url);
        },
      ),
    );
  });

  it("opens them without a shell on every system", () => {
    const url = "https://example.com/?a=1&calc";
    expect(openCommand("linux", url)).toEqual({ file: "xdg-open", args: [url] });
    expect(openCommand("darwin", url)).toEqual({ file: "open", args: [url] });
    expect(openCommand("win32", url)).toEqual({ file: "rundll32.exe", args: ["url.dll,FileProtocolHandler", url] });
  });
});
