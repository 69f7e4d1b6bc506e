import swc from "@swc/core";

/**
 * What dependency-cruiser gets for `@swc/core` (build/boundaries.ts sees to it): the same, but that `.tsx` files are
 * read as TSX, which dependency-cruiser does not ask for by itself.
 */
const withTsx: typeof swc = {
  ...swc,
  parseFileSync: ((path: string, options?: swc.ParseOptions) => {
    const { syntax: _, ...rest } = options ?? { syntax: "typescript" };
    return swc.parseFileSync(path, { ...rest, syntax: "typescript", tsx: path.endsWith(".tsx") });
  }) as typeof swc.parseFileSync,
};

export default withTsx;
