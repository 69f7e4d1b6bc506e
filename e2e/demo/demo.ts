import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Locator, Page } from "playwright-core";
import { bundleIfStale, testParts } from "../../build/bundle.ts";
import { createWords } from "../../shared/words/words.ts";
import { createTestHome, launchHallway, startHallway, type TestHome } from "../app/launch.ts";
import { company, people } from "./company.ts";
import { type Stage, setStage } from "./stage.ts";

/**
 * `npm run demo`: a small company on real servers of this machine, and Hallway signed in to both networks.
 * `--shot FILE.png` does the same without a display and leaves a picture of a chat.
 */
const { values } = parseArgs({ options: { shot: { type: "string" } } });
const hasDisplay = process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

async function run(shot: string | undefined): Promise<number> {
  if (shot === undefined && !hasDisplay) {
    console.log("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be opened.");
    console.log("`npm run demo -- --shot demo.png` runs the same demo without one and leaves a picture of it.");
    return 1;
  }
  await bundleIfStale(testParts);
  console.log(`Starting Prosody and Kamailio on 127.0.0.1 for ${company.name}...`);
  const [stage, testHome] = [await setStage(), await createTestHome()];
  try {
    console.log(
      `  XMPP ${stage.world.prosody.domain}: port ${stage.world.prosody.ports.starttls}; SIP ${stage.world.kamailio.domain}: port ${stage.world.kamailio.ports.sips}`,
    );
    console.log(`  12 people, ${stage.present} of them here today. Write to one of them: they answer.`);
    if (process.getuid?.() === 0)
      console.log(
        "  You are root: the browser's sandbox does not work for root, so the demo turns it off (the product would refuse to start).",
      );
    if (shot === undefined) await show(stage, testHome);
    else await picture(stage, testHome, resolve(shot));
    return 0;
  } finally {
    await stage.stop();
    await testHome.remove();
    console.log("Everything is stopped.");
  }
}

/** The window, until it is closed or Ctrl+C. */
async function show({ accounts, world }: Stage, testHome: TestHome): Promise<void> {
  const hallway = await startHallway(testHome, {
    accounts,
    dnsPort: world.dns.port,
    headless: false,
    debuggable: false,
    locale: process.env.LANG?.startsWith("fr") ? "fr" : "en",
  });
  console.log("Hallway is open. Close its window or press Ctrl+C here to end the demo.");
  const interrupted = new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
  await Promise.race([hallway.ended, interrupted]);
  await hallway.end("SIGTERM");
  if (hallway.log() !== "") console.log(hallway.log());
}

async function picture({ accounts, world }: Stage, testHome: TestHome, file: string): Promise<void> {
  const hallway = await launchHallway(testHome, { accounts, dnsPort: world.dns.port });
  try {
    await pose(hallway.page);
    await writeFile(file, await hallway.page.screenshot());
    console.log(`Picture: ${file}`);
  } finally {
    await hallway.stop();
  }
}

/** A chat with Priya who is about to answer a second time; two people are pinned, and others have written. */
async function pose(page: Page): Promise<void> {
  const { t } = createWords("en");
  await page.setViewportSize({ width: 1280, height: 800 });
  const list = page.getByRole("tree", { name: t("roster.tree") });
  const person = (name: RegExp): Locator => list.getByRole("treeitem", { name }).first();
  // those who write first do so once the SIP side is signed in
  for (const name of [/Luca Ferrari.*unread/, /Nadia Haddad.*unread/]) await person(name).waitFor({ timeout: 30_000 });
  for (const name of [/^Priya Raman/, /^Mei Tanaka/]) {
    await person(name).click({ button: "right" });
    await page.getByRole("menuitem", { name: t("menu.pin") }).click();
  }
  await person(/^Priya Raman/).click();
  const composer = page.getByRole("textbox", { name: t("composer.label", { name: "Priya Raman" }) });
  const log = page.getByRole("log");
  const say = async (text: string): Promise<void> => {
    await composer.fill(text);
    await composer.press("Enter");
  };
  await say("Two works for me. Shall I ask Mei to join us?");
  await log.getByText(people.find(({ user }) => user === "priya")?.answers?.[0] ?? "").waitFor({ timeout: 30_000 });
  await say("Perfect, see you at two.");
  await page.getByText(t("chat.typing", { name: "Priya Raman" })).waitFor({ timeout: 30_000 });
}

process.exitCode = await run(values.shot);
