/**
 * The threads of the history as they are in the program, bundled (build/vitest.global-setup.ts sees to it). From its
 * sources a thread would take off their types by itself, with WebAssembly, at each start: that takes longer than most
 * tests, and V8 at times ends the whole process ("Check failed: jit_page.has_value()") when one thread lets go of such
 * code while another makes some.
 */
export const workerUrl = new URL("../../dist/history-worker.mjs", import.meta.url);
export const exportWorkerUrl = new URL("../../dist/export-worker.mjs", import.meta.url);
