import { expect, it } from "vitest";
import { capsVersion } from "./xep-0115-caps.ts";

it("hashes identity and features in the order of XEP-0115 section 5.1", () => {
  // echo -n 'client/pc//Hallway<a<b<' | openssl sha1 -binary | base64
  expect(capsVersion(["b", "a"])).toBe(capsVersion(["a", "b"]));
  expect(capsVersion(["a", "b"])).toBe("eApW87PQ5PYvcYhQbotkYVRESBU=");
});
