import { expect, it } from "vitest";
import { notificationBody } from "./notification-markup.ts";

it("makes text of markup where the desktop would read it, and only there", () => {
  const body = `<img src="x"> Q&A <b>'now'</b> &lt;`;
  expect(notificationBody("linux", body)).toBe(`&lt;img src="x"&gt; Q&amp;A &lt;b&gt;'now'&lt;/b&gt; &amp;lt;`);
  for (const platform of ["darwin", "win32"] as const) expect(notificationBody(platform, body)).toBe(body);
});
