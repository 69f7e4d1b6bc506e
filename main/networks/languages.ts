/** Language of the streams and documents that this program writes, and of who has not said another. */
export const defaultLanguage = "en";

/** One of several texts that say the same in different languages. */
export interface Rendering {
  /** BCP 47 tag that stands at the text itself; undefined: none. */
  readonly own: string | undefined;
  /** Tag of what it stands in, which counts where it has none of its own. */
  readonly inherited: string | undefined;
}

/**
 * The text to show of several (RFC 6121 sections 4.7.2.2 and 5.2.3, RFC 3863 section 4.1.6): in the person's language,
 * else without a language, else the first. Of several in their language the nearest, and what says so itself before
 * what inherits it.
 */
export function inLanguage<T extends Rendering>(renderings: readonly T[], language: string): T | undefined {
  const [first] = renderings;
  if (renderings.length < 2) return first;
  let best: { readonly rendering: T; readonly fit: number } | undefined;
  for (const rendering of renderings) {
    const fit = 2 * fitOf(rendering.own || rendering.inherited || "", language) + (rendering.own ? 1 : 0);
    if (fit > 1 && fit > (best?.fit ?? 0)) best = { rendering, fit };
  }
  return best?.rendering ?? renderings.find(({ own }) => !own) ?? first;
}

/**
 * How well a tag suits a language range (RFC 4647 sections 3.3.1 and 3.4): the same, less exact, more exact, another of
 * its language, or not (0).
 */
function fitOf(tag: string, range: string): number {
  const [had, wanted] = [tag.toLowerCase(), range.toLowerCase()];
  if (had === "" || wanted === "") return 0;
  if (had === wanted) return 4;
  if (wanted.startsWith(`${had}-`)) return 3;
  if (had.startsWith(`${wanted}-`)) return 2;
  return had.split("-")[0] === wanted.split("-")[0] ? 1 : 0;
}
