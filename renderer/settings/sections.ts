import type { IconName } from "../widgets/icons.tsx";

/** Sections of the settings, in their order. */
export const sections = [
  { id: "accounts", icon: "user" },
  { id: "appearance", icon: "palette" },
  { id: "privacy", icon: "shield" },
  { id: "security", icon: "key" },
  { id: "notifications", icon: "bell" },
  { id: "history", icon: "database" },
  { id: "shortcuts", icon: "keyboard" },
  { id: "about", icon: "info" },
] as const satisfies readonly { readonly id: string; readonly icon: IconName }[];
export type SectionId = (typeof sections)[number]["id"];

/** How far below the top of the page a section begins at most to be the one that is read, in CSS pixels. */
const reading = 96;

/** Brings a section into view, with the focus on its heading. */
export function showSection(id: SectionId): void {
  const section = document.getElementById(`settings-${id}`);
  section?.scrollIntoView({ block: "start" });
  section?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
}

/**
 * The section that is read: the last one that has begun. Where several end at the foot of the page, one that was chosen
 * among those in view (`current`) stays it. Undefined before there is any.
 */
export function sectionInView(page: HTMLElement, current: SectionId | undefined): SectionId | undefined {
  const { top, bottom } = page.getBoundingClientRect();
  const begins = (id: SectionId): number =>
    document.getElementById(`settings-${id}`)?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY;
  const begun = sections.findLast(({ id }) => begins(id) <= top + reading)?.id;
  const isAtFoot = page.scrollTop + page.clientHeight >= page.scrollHeight - 2;
  if (!isAtFoot) return begun;
  const inView = sections.filter(({ id }) => begins(id) < bottom && begins(id) >= top);
  return inView.find(({ id }) => id === current)?.id ?? inView.at(-1)?.id ?? begun;
}
