/**
 * Sights that the page watch reports, by name; times are milliseconds since the epoch, after the frame that shows it.
 */
export type Sight = "first-start" | "list" | "whole-list";

/** State that the script below leaves in the page. */
export interface PageWatch {
  readonly seen: Partial<Record<Sight, number>>;
}

/**
 * Text of a script that looks at each frame what the window shows. `rows`: height in pixels that the whole contact list
 * has at least (it is drawn in part, but as tall as all of it).
 */
export function pageWatch(rows: number): string {
  return `(${watch.toString()})(${rows})`;
}

/** Runs in the page: uses nothing from outside itself. */
function watch(wholeHeight: number): void {
  const scope = globalThis as typeof globalThis & { hallwayBench?: { readonly seen: Partial<Record<Sight, number>> } };
  if (scope.hallwayBench) return;
  const seen: Partial<Record<Sight, number>> = {};
  scope.hallwayBench = { seen };
  const firstRow = (): Element | null =>
    document.querySelector('[role="tree"] [role="treeitem"][aria-level="2"] .name');
  const sights: Readonly<Record<Sight, () => boolean>> = {
    "first-start": () => {
      const field = document.querySelector<HTMLInputElement>(".start input");
      return field !== null && !field.disabled;
    },
    list: () => (firstRow()?.textContent ?? "") !== "",
    "whole-list": () =>
      firstRow() !== null &&
      Number.parseFloat(document.querySelector<HTMLElement>('[role="tree"]')?.style.height ?? "0") >= wholeHeight,
  };
  const { port1, port2 } = new MessageChannel();
  let news: Sight[] = [];
  // A message posted in a frame arrives after that frame was drawn.
  port1.onmessage = () => {
    for (const name of news) seen[name] ??= performance.timeOrigin + performance.now();
    news = [];
  };
  const look = (): void => {
    for (const name of Object.keys(sights) as Sight[])
      if (seen[name] === undefined && !news.includes(name) && sights[name]()) news.push(name);
    if (news.length > 0) port2.postMessage(undefined);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
