import { readdirSync, readFileSync } from "node:fs";

/** Resources that one process uses, from /proc (Linux). */
interface ProcessUse {
  readonly pid: number;
  /** `main`, or the type of the browser's process: `browser`, `renderer`, `gpu-process`, ... */
  readonly kind: string;
  /** Bytes of memory that it alone holds. */
  readonly anonymous: number;
}

/** The process and all that it started. */
export function processTree(pid: number): readonly ProcessUse[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)));
  const tree = new Set([pid]);
  for (let before = 0; before !== tree.size; ) {
    before = tree.size;
    for (const [child, parent] of parents) if (tree.has(parent)) tree.add(child);
  }
  return [...tree].flatMap((one) => useOf(one, one === pid));
}

/** The second field after the name, which may hold anything (proc(5)). */
function parentOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

function useOf(pid: number, isMain: boolean): readonly ProcessUse[] {
  try {
    const anonymous = Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
    const type = /--type=([a-z-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.[1];
    return [{ pid, kind: isMain ? "main" : (type ?? "browser"), anonymous }];
  } catch {
    return [];
  }
}
