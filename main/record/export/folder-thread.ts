import type { MessagePort } from "node:worker_threads";
import { renderMail } from "../formats/mail.ts";
import { exportError } from "./export-error.ts";
import { ExportFolder } from "./export-folder.ts";
import type { FolderCall, FolderReport } from "./folder-protocol.ts";

/**
 * Thread for the files of one export: takes their texts in turn, and writes, hashes and lists them; mails it writes out
 * first.
 */
export function serveFolder(port: MessagePort): void {
  let folder: ExportFolder | undefined;
  const tell = (report: FolderReport, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(report, transfer);

  function perform(call: FolderCall): void {
    if (call.kind === "begin") {
      folder = new ExportFolder(call.folder, call.head);
      tell({ kind: "begun" });
    } else if (call.kind === "write") {
      const { bytes, pieces } = call;
      let at = 0;
      for (const { path, size, mail } of pieces) {
        if (path !== undefined) folder?.file(path);
        folder?.write(mail ? Buffer.from(renderMail(mail)) : bytes.subarray(at, at + size));
        at += size;
      }
      tell({ kind: "written", bytes }, [bytes.buffer]);
    } else {
      if (call.kind === "abandon") folder?.abandon();
      else if (folder) tell({ kind: "finished", counts: folder.finish(call.end) });
      // Nothing else holds the thread.
      port.close();
    }
  }

  port.on("message", (call: FolderCall) => {
    try {
      perform(call);
    } catch (error) {
      folder?.abandon();
      tell({ kind: "failed", error: exportError(error).info });
      port.close();
    }
  });
}
