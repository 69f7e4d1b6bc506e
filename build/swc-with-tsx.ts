import swc from "@swc/core";

/**
 * Stand-in for `@swc/core` that dependency-cruiser loads (build/boundaries.ts arranges it): the same, but it reads
 * `.tsx` files as TSX, which dependency-cruiser does not ask for by itself.
 */
const withTsx: typeof swc = {
  ...swc,
  parseFileSync: ((path: string, options?: swc.ParseOptions) => {
    const { syntax: _, ...rest } = options ?? { syntax: "typescript" };
    return swc.parseFileSync(path, { ...rest, syntax: "typescript", tsx: path.endsWith(".tsx") });
  }) as typeof swc.parseFileSync,
};

export default withTsx;
