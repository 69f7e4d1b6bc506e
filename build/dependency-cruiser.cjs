// "Who may import whom" (README, the house plan), checked by machine. build/boundaries.test.ts plants violations of
// these rules and shows that each one is found.

/** Test code beside the sources; it may reach for test tools and for any room's test helpers. */
const tests = "\\.(test|conf)\\.tsx?$|^renderer/dev/|^main/networks/conformance|\\.test-helper\\.tsx?$|/testing/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "A cycle means that two files are one concept; types count too.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "Nothing reaches this file: delete it, or say in build/dependency-cruiser.cjs why it stands alone.",
      severity: "error",
      from: {
        orphan: true,
        // Entries that a tool reads by name.
        pathNot: [
          "^build/[^/]+\\.(cjs|mjs)$",
          "^(build|e2e)/.*config\\.ts$",
          "\\.d\\.ts$",
          "^build/module-url\\.ts$",
          "^build/mutation/no-executions\\.ts$",
        ],
      },
      to: {},
    },
    {
      name: "no-unresolvable",
      comment: "The import leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^electron$" },
    },
    {
      name: "no-undeclared-packages",
      comment: "A package that package.json does not name is there by accident.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-dev-packages-in-product",
      comment: "What ships may not need a development package (Electron is the runtime, not a package).",
      severity: "error",
      from: { path: "^(shared|main|renderer)/", pathNot: tests },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["type-only"],
        pathNot: "node_modules/(electron|lucide-static|@types)/",
      },
    },
    {
      name: "no-tests-in-product",
      severity: "error",
      from: { pathNot: [tests, "^(e2e|bench|build)/"] },
      to: { path: tests },
    },
    {
      name: "shared-imports-only-its-validator",
      comment: "shared runs anywhere: no Node, no DOM, no Electron, no other room.",
      severity: "error",
      from: { path: "^shared/", pathNot: tests },
      to: { pathNot: ["^shared/", "(^|/)node_modules/valibot/"] },
    },
    {
      name: "renderer-imports-only-shared",
      comment: "The renderer draws; it knows main by the contract only.",
      severity: "error",
      from: { path: "^renderer/", pathNot: tests },
      to: { path: "^(main|build|e2e|bench)/" },
    },
    {
      name: "renderer-has-no-node",
      severity: "error",
      from: { path: "^renderer/", pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "main-imports-main-and-shared",
      severity: "error",
      from: { path: "^main/", pathNot: tests },
      to: { path: "^(renderer|build|e2e|bench)/" },
    },
    {
      name: "networks-know-only-shared-addressing-cpim",
      comment: "A network is handed its collaborators (environment.ts); it knows nothing of the rest of main.",
      severity: "error",
      from: { path: "^main/networks/[^/]+/", pathNot: tests },
      to: {
        path: "^main/",
        pathNot: ["^main/networks/$1", "^main/networks/network\\.ts$", "^main/(networks|addressing|cpim)/"],
      },
    },
    {
      name: "networks-do-not-know-each-other",
      severity: "error",
      from: { path: "^main/networks/([^/]+)/", pathNot: tests },
      to: { path: "^main/networks/[^/]+/", pathNot: ["^main/networks/$1/", "^main/networks/facets/"] },
    },
    {
      name: "only-the-composition-knows-networks",
      comment: "Accounts work on the Network interface; which networks there are is said in main/app/networks.ts.",
      severity: "error",
      from: { path: "^main/", pathNot: [tests, "^main/app/networks\\.ts$", "^main/networks/"] },
      to: { path: "^main/networks/[^/]+/", pathNot: "^main/networks/facets/" },
    },
    {
      name: "only-the-composition-knows-hosts",
      severity: "error",
      from: { path: "^main/", pathNot: [tests, "^main/(app/|main(-electron)?\\.ts$)", "^main/host/"] },
      to: { path: "^main/host/[^/]+/" },
    },
    {
      name: "hosts-do-not-know-each-other",
      severity: "error",
      from: { path: "^main/host/([^/]+)/", pathNot: tests },
      // What every desktop of Linux offers is no host.
      to: { path: "^main/host/[^/]+/", pathNot: "^main/host/($1|freedesktop)/" },
    },
    {
      name: "only-the-electron-host-imports-electron",
      severity: "error",
      from: { pathNot: ["^main/host/electron/", "^main/main-electron\\.ts$"] },
      to: { path: ["^electron$", "(^|/)node_modules/electron/"] },
    },
    {
      name: "only-settings-reads-policy",
      severity: "error",
      from: {
        path: "^main/",
        pathNot: [
          tests,
          "^main/settings/",
          "^main/(app/app-options|app/chromium-program|cli/commands|main-electron)\\.ts$",
        ],
      },
      to: { path: "^main/settings/sources/" },
    },
    {
      name: "addressing-and-cpim-stand-alone",
      severity: "error",
      from: { path: "^main/(addressing|cpim)/", pathNot: tests },
      to: { path: "^main/", pathNot: "^main/(addressing|cpim)/" },
    },
    {
      name: "build-knows-no-tests",
      severity: "error",
      from: { path: "^build/", pathNot: tests },
      to: { path: "^(e2e|bench)/" },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API for this tool; swc reads the sources instead.
    parser: "swc",
    // Types are imports too.
    tsPreCompilationDeps: true,
    exclude: { path: "^(dist|\\.cache)/" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json", ".css", ".svg"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["module", "main", "types", "typings"],
    },
  },
};
