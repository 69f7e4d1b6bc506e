import type { Locator } from "@playwright/test";
import { julietOpen, noticesOpen } from "./screenshots/acts.ts";
import { expect, test } from "./screenshots/fixtures.ts";

/**
 * How the open chat is laid out, over a stand-in for main: lines that can be read in any window, and nothing cut short.
 */

async function box(
  locator: Locator,
): Promise<{ readonly x: number; readonly y: number; readonly width: number; readonly height: number }> {
  const found = await locator.boundingBox();
  if (found === null) throw new Error("It is not drawn");
  return found;
}

test("messages and composer stand in one column of at most 920 px, in the middle of a wide window", async ({
  open,
}) => {
  const { page } = await open({ scenario: "company", width: 2560, height: 1000 });
  await julietOpen(page);
  const [pane, writing] = [await box(page.locator(".main-pane")), await box(page.locator(".composer-box"))];
  expect(writing.width).toBe(920);
  expect(Math.abs(writing.x + writing.width / 2 - (pane.x + pane.width / 2))).toBeLessThan(1);
  // the scroll bar has its room beside them
  // All at once: the list draws rows anew while it comes to rest.
  const bubbles = await page
    .locator(".bubble")
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
  expect(bubbles.length).toBeGreaterThan(0);
  for (const { x, width } of bubbles) {
    expect(x).toBeGreaterThan(writing.x - 16);
    expect(x + width).toBeLessThan(writing.x + writing.width + 1);
  }
});

for (const [name, size] of [
  ["400 px", { width: 400, height: 760 }],
  ["200 %", { width: 640, height: 380 }],
  ["1,280 px", { width: 1280, height: 760 }],
] as const) {
  test(`the header shows the whole address at ${name}`, async ({ open }) => {
    const { page } = await open({ scenario: "company", ...size, locale: "fr-FR" });
    await julietOpen(page);
    const address = page.locator(".chat-address");
    await expect(address).toHaveText("juliet@bank.example");
    const [line, head] = [await box(address), await box(page.locator(".chat-head"))];
    expect(
      await address.evaluate(
        (element) => element.scrollWidth <= element.clientWidth || getComputedStyle(element).display === "inline",
      ),
    ).toBe(true);
    expect([
      line.x >= head.x,
      line.x + line.width <= head.x + head.width,
      line.y + line.height <= head.y + head.height,
    ]).toEqual([true, true, true]);
  });
}

test("who is typing takes no room of its own", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await julietOpen(page);
  const typing = page.locator(".typing");
  await expect(typing).toHaveText("Juliet Capulet is typing…");
  const whileTyping = [await box(page.locator(".log")), await box(page.locator(".composer"))];
  await typing.evaluate((element) => element.replaceChildren());
  await expect(page.locator(".composer-keys")).toBeVisible();
  expect([await box(page.locator(".log")), await box(page.locator(".composer"))]).toEqual(whileTyping);
});

for (const dark of [false, true]) {
  test(`a primary button can be read where colours are forced${dark ? ", in the dark" : ""}`, async ({ open }) => {
    const { page } = await open({ scenario: "start", forced: true, dark });
    const { label, ground } = await page.locator(".button.primary").evaluate((button) => {
      // Behind the label the system puts the ground of the page.
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = "Canvas";
      return { label: getComputedStyle(button).color, ground: getComputedStyle(probe).color };
    });
    expect(label).not.toBe(ground);
  });
}

test("a notice stands in line with the messages around it", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await noticesOpen(page);
  const bubble = (text: string): Locator => page.getByRole("article").filter({ hasText: text }).locator(".bubble");
  const [told, field] = [await box(bubble("called you")), await box(page.locator(".composer-box"))];
  const [own, notice] = [await box(bubble("On my way.")), await box(bubble("from another device"))];
  expect(Math.abs(told.x - field.x)).toBeLessThanOrEqual(1);
  expect(Math.abs(own.x + own.width - (notice.x + notice.width))).toBeLessThanOrEqual(1);
});
