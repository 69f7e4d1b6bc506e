import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from "parse5";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** An element as a browser would understand the page. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** Names of the elements above it, nearest first. */
  readonly above: readonly string[];
}

/** All elements of a page in order, read as the HTML standard says (with all its recovery from errors). */
export function tagsOf(page: string | undefined): readonly Tag[] {
  const tags: Tag[] = [];
  const visit = (node: Node, above: readonly string[]): void => {
    const name = defaultTreeAdapter.isElementNode(node) ? node.tagName : "#document";
    if (defaultTreeAdapter.isElementNode(node)) {
      const attributes = Object.fromEntries(node.attrs.map((attribute) => [attribute.name, attribute.value]));
      tags.push({ name, attributes, text: textOf(node), above });
    }
    if ("childNodes" in node) for (const child of node.childNodes) visit(child, [name, ...above]);
  };
  visit(parse(page ?? ""), []);
  return tags;
}

function textOf(element: Element): string {
  return element.childNodes
    .map((child) =>
      defaultTreeAdapter.isTextNode(child) ? child.value : defaultTreeAdapter.isElementNode(child) ? textOf(child) : "",
    )
    .join("");
}
