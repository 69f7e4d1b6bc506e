import { expect, test } from "./fixtures.ts";
import { policyFile } from "./organization.ts";
import { startRsyslog } from "./servers/rsyslog.ts";

test("where only what is archived may be sent, a message waits while the archive is away, says so, and goes out by itself", async ({
  openChat,
  world,
  words,
  testHome,
}) => {
  test.slow();
  const rsyslog = await startRsyslog({ certificates: world.certificates, driver: "ossl" });
  try {
    const { name, peer, page, screen } = await openChat();
    const destination = {
      type: "syslog",
      host: "127.0.0.1",
      port: rsyslog.port,
      authority: world.certificates.authority.pem,
    };
    const content = {
      OrganizationName: "Example Bank",
      ArchiveScope: "all",
      ArchiveRequired: true,
      ArchiveDestination: destination,
    };
    await policyFile(testHome, { name: "20-archive.json", content });
    // Said before the first word.
    await expect(page.getByText(words.t("chat.archivedBy", { organization: "Example Bank" }))).toBeAttached();
    await screen.say(name, "first");
    await peer.message("first");
    await expect.poll(async () => (await rsyslog.messages()).join("\n")).toContain('"text":"first"');

    await rsyslog.kill();
    await screen.say(name, "second");
    await expect(page.getByText(words.t("error.archive-unreachable"), { exact: true })).toBeVisible();
    await expect(page.getByText(words.t("message.waitingForArchive")).first()).toBeAttached();
    await screen.say(name, "third");
    await expect(page.getByText(words.t("message.waitingForArchive"))).toHaveCount(2);
    await page.screenshot({ path: test.info().outputPath("archive-away.png") });

    await rsyslog.start();
    await peer.message("second");
    await peer.message("third");
    await expect(page.getByText(words.t("error.archive-unreachable"), { exact: true })).toHaveCount(0);
    await expect(page.getByText(words.t("message.waitingForArchive"))).toHaveCount(0);
    for (const text of ["first", "second", "third"])
      await expect.poll(async () => (await rsyslog.messages()).join("\n")).toContain(`"text":"${text}"`);
  } finally {
    await rsyslog.stop();
  }
});
