import type { Args, Method } from "../../shared/ipc/contract.ts";
import type { FakeStore } from "./fake-store.ts";

/** Answers of the stand-in for main, by method; a method without one is answered with an empty object. */
export type Handlers = { readonly [M in Method]?: (args: Args<M>) => unknown };

export type HandlersOf = (store: FakeStore) => Handlers;
