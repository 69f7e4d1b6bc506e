/** One run per frame while the window is drawn, and still four a second while it is hidden, when no frames come. */
export function scheduleFrame(work: () => void): () => void {
  let done = false;
  const run = (): void => {
    if (done) return;
    cancel();
    work();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, 250);
  const cancel = (): void => {
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
}
