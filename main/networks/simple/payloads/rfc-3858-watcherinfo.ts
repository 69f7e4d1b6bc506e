import { childrenNamed, parseXml, XmlError } from "./xml.ts";

export const watcherinfoType = "application/watcherinfo+xml";
const namespace = "urn:ietf:params:xml:ns:watcherinfo";

/** Somebody who subscribed, or tried to (RFC 3858 section 3.3). */
export interface Watcher {
  readonly uri: string;
  readonly displayName: string | undefined;
  readonly status: "pending" | "active" | "waiting" | "terminated";
}

/** Watcher information document (RFC 3858): a whole list (`full`) or what changed in it. */
export interface WatcherInfo {
  readonly version: number;
  readonly full: boolean;
  /** Of package `presence` only. */
  readonly watchers: readonly Watcher[];
}

const statuses: readonly Watcher["status"][] = ["pending", "active", "waiting", "terminated"];

/** Reads a document. Watchers with an unknown status or without URI are left out. Error: XmlError. */
export function parseWatcherInfo(text: string): WatcherInfo {
  const root = parseXml(text);
  if (root.name !== "watcherinfo" || root.namespace !== namespace)
    throw new XmlError("not a watcher information document");
  const watchers: Watcher[] = [];
  for (const list of childrenNamed(root, "watcher-list", namespace)) {
    if ((list.attributes.get("package") ?? "presence") !== "presence") continue;
    for (const watcher of childrenNamed(list, "watcher", namespace)) {
      const status = statuses.find((s) => s === watcher.attributes.get("status"));
      const uri = watcher.text.trim();
      if (status && uri !== "") watchers.push({ uri, displayName: watcher.attributes.get("display-name"), status });
    }
  }
  return {
    version: Number(root.attributes.get("version") ?? 0) || 0,
    full: root.attributes.get("state") !== "partial",
    watchers,
  };
}
