import { describe, expect, it } from "vitest";
import type { Pages } from "../pages.ts";
import { browserCandidates, findBrowser } from "./browser.ts";
import { blankPage, browserFlags } from "./flags.ts";
import { answerRequest } from "./request-answer.ts";

const pages: Pages = new Map([["/", { body: Buffer.from("hello"), headers: { "content-type": "text/html" } }]]);

describe("the gate", () => {
  const answer = (url: unknown, method = "GET", resourceType = "Script"): unknown => {
    const answered = answerRequest(pages, { requestId: "r", resourceType, request: { url, method } });
    return answered?.method === "Fetch.fulfillRequest" ? answered.params["body"] : answered?.params["errorReason"];
  };

  it("answers our own files and nothing else", () => {
    expect(answer("https://hallway/")).toBe(Buffer.from("hello").toString("base64"));
    for (const url of [
      "https://hallway/other",
      "https://example.com/",
      "http://127.0.0.1/",
      "chrome://settings/",
      "file:///etc/passwd",
      undefined,
      5,
    ]) {
      expect(answer(url)).toBe("BlockedByClient");
      expect(answer(url, "GET", "Document")).toBe("Aborted");
    }
    expect(answer("https://hallway/", "POST")).toBe("BlockedByClient");
    expect(answerRequest(pages, { request: {} })).toBeUndefined();
  });
});

describe("the browser", () => {
  it("is looked for where installers put it, Chromium first", () => {
    expect(
      findBrowser("linux", { PATH: "/usr/local/bin:/usr/bin:relative" }, (path) => path === "/usr/bin/google-chrome"),
    ).toBe("/usr/bin/google-chrome");
    expect(findBrowser("linux", { PATH: "/a:/b" }, () => true)).toBe("/a/chromium");
    expect(browserCandidates("linux", { PATH: "relative:." })).not.toContain("relative/chromium");
    expect(findBrowser("darwin", { HOME: "/Users/a" }, (path) => path.includes("Edge"))).toBe(
      "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    );
    expect(findBrowser("win32", { ProgramFiles: "C:\\P" }, (path) => path.includes("Edge"))).toBe(
      "C:\\P\\Microsoft\\Edge\\Application\\msedge.exe",
    );
    expect(findBrowser("linux", { PATH: "/a" }, () => false)).toBeUndefined();
  });

  it("is started without a port, without a network, and sandboxed", () => {
    const flags = browserFlags({ profile: "/p", locale: "fr", firstStart: false, extra: [] });
    expect(flags).toContain("--remote-debugging-pipe");
    expect(flags).toContain(`--app=${blankPage}`);
    expect(
      flags.filter((flag) => /sandbox|remote-debugging-port|disable-web-security|window-size/u.test(flag)),
    ).toEqual([]);
    expect(flags.filter((flag) => flag.startsWith("--proxy"))).toEqual([
      "--proxy-server=socks5://127.0.0.1:1",
      "--proxy-bypass-list=<-loopback>",
    ]);
  });
});
