import type { DirectoryFacet } from "../networks/facets/directory.ts";
import { governs } from "./governed.ts";

/** Finds nobody who may not be met. */
export const governDirectory = governs<DirectoryFacet>((inner, governor) => ({
  search: async (text, signal) => (await inner.search(text, signal)).filter(({ address }) => governor.mayMeet(address)),
}));
