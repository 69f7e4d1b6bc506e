/** Figures of a stretch of frames, in milliseconds. */
export interface Frames {
  /** Longest time between two frames. */
  readonly longestFrame: number;
  /** Longest task of the page's thread (Long Tasks API: only those over 50 ms are told); 0: none. */
  readonly longestTask: number;
  readonly frames: number;
  /** When the awaited thing was seen, milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Text of an expression that scrolls the contact list up and down at each frame until `until` (text of an expression in
 * the page) is true, and for half a second more; a Promise of Frames.
 */
export function scrollUntil(until: string): string {
  return `(${scroll.toString()})(() => ${until})`;
}

/** Runs in the page: uses nothing from outside itself. */
function scroll(done: () => boolean): Promise<Frames> {
  const scroller = document.querySelector('[role="tree"]')?.parentElement;
  if (!scroller) return Promise.reject(new Error("there is no contact list"));
  const reach = 900;
  const step = 60;
  const patience = 60_000;
  let longestTask = 0;
  const tasks = (entries: PerformanceEntryList): void => {
    for (const { duration } of entries) longestTask = Math.max(longestTask, duration);
  };
  const observer = new PerformanceObserver((list) => tasks(list.getEntries()));
  observer.observe({ type: "longtask" });
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    let before = begun;
    let longestFrame = 0;
    let frames = 0;
    let at: number | undefined;
    let way = 1;
    const frame = (): void => {
      const now = performance.now();
      // The first one tells of the time before it was watched.
      if (frames > 0) longestFrame = Math.max(longestFrame, now - before);
      before = now;
      frames += 1;
      if (scroller.scrollTop >= reach) way = -1;
      if (scroller.scrollTop <= 0) way = 1;
      scroller.scrollTop += way * step;
      if (at === undefined && done()) at = performance.timeOrigin + now;
      if (at !== undefined && performance.timeOrigin + now - at > 500) {
        tasks(observer.takeRecords());
        observer.disconnect();
        scroller.scrollTop = 0;
        resolve({ longestFrame, longestTask, frames, at });
      } else if (now - begun > patience) reject(new Error("it never happened"));
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
