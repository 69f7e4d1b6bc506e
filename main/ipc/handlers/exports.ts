import type { Exports } from "../../record/export/exports.ts";
import type { Handlers } from "../dispatch.ts";

type ExportHandlers = Pick<Handlers, "history.export" | "history.cancelExport" | "history.showExport">;

export function exportHandlers(exports: () => Exports): ExportHandlers {
  return {
    async "history.export"({ format, query }) {
      return { started: await exports().start(format, query) };
    },
    "history.cancelExport"() {
      exports().cancel();
      return {};
    },
    async "history.showExport"() {
      await exports().show();
      return {};
    },
  };
}
