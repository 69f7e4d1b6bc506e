import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Plugin } from "esbuild";

/** The expression with which the package reads its table from its own folder, which a bundle does not have. */
const reading = /fs\.readFileSync\(path\.resolve\(__dirname, '\.\.\/code-points\.mem'\)\)/u;

/** Puts saslprep's table of code points (RFC 3454) into the bundle, compressed. */
export const inlineSaslprep: Plugin = {
  name: "inline-saslprep",
  setup(build) {
    build.onLoad({ filter: /saslprep[\\/]lib[\\/]memory-code-points\.js$/ }, async ({ path }) => {
      const table = join(dirname(path), "../code-points.mem");
      const [source, bytes] = await Promise.all([readFile(path, "utf8"), readFile(table)]);
      if (!reading.test(source))
        return { errors: [{ text: "saslprep reads its table in another way now; see build/inline-saslprep.ts" }] };
      const inlined = `require("node:zlib").inflateSync(Buffer.from("${deflateSync(bytes, { level: 9 }).toString("base64")}", "base64"))`;
      return { contents: source.replace(reading, () => inlined), loader: "js", watchFiles: [path, table] };
    });
  },
};
