import type { Exports } from "../../record/export/exports.ts";
import type { Handlers } from "../dispatch.ts";

type ExportHandlers = Pick<Handlers, "history.export" | "history.cancelExport" | "history.showExport">;

export interface ExportServices {
  readonly exports: Exports;
}

/** Requests about exports of the history. */
export function exportHandlers(services: () => ExportServices): ExportHandlers {
  return {
    async "history.export"({ format, query }) {
      return { started: await services().exports.start(format, query) };
    },
    "history.cancelExport"() {
      services().exports.cancel();
      return {};
    },
    async "history.showExport"() {
      await services().exports.show();
      return {};
    },
  };
}
