/** Stands in for `import.meta.url` in CommonJS bundles (build/bundle.ts injects it). */
export const __moduleUrl: string = require("node:url").pathToFileURL(__filename).href;
