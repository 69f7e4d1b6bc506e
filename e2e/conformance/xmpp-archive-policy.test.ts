import { afterAll, beforeAll, expect, it } from "vitest";
import { type ConnectionRules, noRules } from "../../main/networks/connection-rules.ts";
import { createXmppStage, type XmppStage } from "./xmpp-stage.ts";

let stage: XmppStage;

beforeAll(async () => {
  stage = await createXmppStage();
});
afterAll(() => stage.stop());

const archive = (mode: ReturnType<ConnectionRules["archive"]>) => ({ rules: { ...noRules, archive: () => mode } });

it("a real server archives from sign-in on where that is required, and no longer where it is forbidden", async () => {
  const server = await stage.server();
  const [alice, bob] = await stage.friends(server);
  const forbidding = stage.again(alice, server, archive("forbid"));
  expect((await forbidding.signIn()).archiving).toBe("never");
  const whileForbidden = await bob.say(alice.address, "not for the archive");
  await forbidding.message(({ id }) => id === whileForbidden);
  await alice.connection.disconnect();
  await forbidding.connection.disconnect();
  const requiring = stage.again(alice, server, archive("require"));
  expect((await requiring.signIn()).archiving).toBe("always");
  const whileRequired = await bob.say(alice.address, "for the archive");
  await requiring.message(({ id }) => id === whileRequired);
  await requiring.connection.disconnect();
  // Somebody who has read nothing yet gets what the archive holds.
  const later = stage.again(alice, server);
  await later.signIn();
  await later.message(({ id }) => id === whileRequired);
  expect(later.messages().map(({ body }) => body)).not.toContain("not for the archive");
});

it("a real server without an archive is left where one is required, before anybody sees us, and signed in to where it is forbidden", async () => {
  const server = await stage.server({ without: ["mam"] });
  const [alice, bob] = await stage.friends(server);
  await alice.connection.disconnect();
  await bob.event(
    "presence",
    ({ address, presence }) => address === alice.address && presence.availability === "offline",
  );
  const since = bob.now();
  await expect(stage.again(alice, server, archive("require")).signIn()).rejects.toMatchObject({
    code: "blocked-by-policy",
    params: { setting: "ServerArchiveMode" },
  });
  expect((await stage.again(alice, server, archive("forbid")).signIn()).archiving).toBe("never");
  await bob.event(
    "presence",
    ({ address, presence }) => address === alice.address && presence.availability === "available",
    since,
  );
  expect(bob.events.slice(since).filter(({ type }) => type === "presence")).toHaveLength(1);
});
