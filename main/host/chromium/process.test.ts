import { expect, it } from "vitest";
import { browserEnvironment } from "./process.ts";

it("hands the browser nothing with which its environment could write keys down or choose whom to trust", () => {
  const kept = { PATH: "/usr/bin", DISPLAY: ":1", HOME: "/home/me", LANG: "fr_FR.UTF-8" };
  const withheld = {
    SSLKEYLOGFILE: "/tmp/keys",
    SSL_CERT_FILE: "x",
    SSL_CERT_DIR: "x",
    NODE_OPTIONS: "-r x",
    NODE_EXTRA_CA_CERTS: "x",
    ELECTRON_RUN_AS_NODE: "1",
    CHROMIUM_FLAGS: "--remote-debugging-port=9222",
    CHROMIUM_USER_FLAGS: "--load-extension=/tmp/x",
    CHROME_FLAGS: "--gpu-launcher=x",
    CHROME_LOG_FILE: "/tmp/log",
  };
  expect(browserEnvironment({ ...kept, ...withheld })).toEqual(kept);
});
