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
    ["mailto:a@x.example?attach=/etc/passwd", "mailto:a@x.example"],
    ["mailto:a@x.example?subject=Hi&ATTACH=/etc/passwd&body=b", "mailto:a@x.example?subject=Hi&body=b"],
    ["mailto:a@x.example?%61ttach=/etc/passwd", "mailto:a@x.example"],
    ["mailto:a@x.example?attachment=C:%5Csecret&attachurl=x&insert=x", "mailto:a@x.example"],
    ["mailto:a@x.example?subject=Hi&amp;attach=/etc/passwd", "mailto:a@x.example?subject=Hi"],
    ["mailto:a@x.example?subject=Hi?attach=/etc/passwd", "mailto:a@x.example?subject=Hi%3Fattach%3D%2Fetc%2Fpasswd"],
    ["mailto:a@x.example?subject=Hi%26attach=/etc/passwd", "mailto:a@x.example?subject=Hi%26attach%3D%2Fetc%2Fpasswd"],
    ["mailto:a@x.example%3Fattach=/etc/passwd", "mailto:a@x.example%3Fattach%3D%2Fetc%2Fpasswd"],
    ["mailto:a@x.example%26attach=/etc/passwd", "mailto:a@x.example%26attach%3D%2Fetc%2Fpasswd"],
    ["mailto:a@x.example?subject=Hi%0D%0ABcc:b@x.example", "mailto:a@x.example?subject=Hi%20%20Bcc%3Ab%40x.example"],
    [
      "mailto:a@x.example?bcc=spy@x.example&from=b@x.example&reply-to=c@x.example&cc=d@x.example",
      "mailto:a@x.example?cc=d%40x.example",
    ],
    ["mailto:a@x.example,b@x.example?body=one%0Atwo", "mailto:a@x.example,b@x.example?body=one%0D%0Atwo"],
    ["mailto:?to=a@x.example&subject=1%2B1", "mailto:?to=a%40x.example&subject=1%2B1"],
    ["mailto:a@x.example#attach=x", "mailto:a@x.example"],
    ["mailto:'`$(x)`'@x.example", "mailto:%27%60%24%28x%29%60%27@x.example"],
  ])("leaves of %s only what cannot send anything of this computer", (text, url) => {
    expect(externalUrl(text)).toBe(url);
  });

  it("takes a link of 8,192 characters, and none that is longer", () => {
    const link = `https://example.com/${"a".repeat(8_172)}`;
    expect(link).toHaveLength(8_192);
    expect([externalUrl(link), externalUrl(`${link}a`)]).toEqual([link, undefined]);
  });

  it.each([
    "file:///etc/passwd",
    "mailto:%zz@x.example",
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
          fc.string().map((rest) => `mailto:a@x.example?${rest}`),
        ),
        (text) => {
          const url = externalUrl(text);
          if (url === undefined) return;
          expect(url).toMatch(/^(https?:\/\/[^\s@/]|mailto:)[!-~]*$/u);
          expect(externalUrl(url)).toBe(url);
          expect(url).not.toMatch(/^mailto:.*[?&](?!(?:to|cc|subject|body|in-reply-to)=)/u);
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
