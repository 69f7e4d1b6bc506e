import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxStatusLength, ownAvailabilities } from "../../../../shared/model/presence.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";
import { parseWatcherInfo } from "./rfc-3858-watcherinfo.ts";
import { formatPidf, parsePidf } from "./rfc-3863-pidf.ts";
import { formatIsComposing, parseIsComposing } from "./rfc-3994-is-composing.ts";
import { formatImdn, parseImdn } from "./rfc-5438-imdn.ts";
import { escapeXml, parseXml, XmlError } from "./xml.ts";

const text = fc.string({ unit: "grapheme" });
/** Text as XML can carry it, without what a reader trims. */
const carried = text.map((s) =>
  s
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, "")
    .trim(),
);

describe("parseXml", () => {
  it("refuses what is hostile", () => {
    for (const bad of [
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      "<a>&b;</a>",
      "<a>&#0;</a>",
      "<a></b>",
      "<a><b></a></b>",
      "",
      "text",
      "<a/><a/>",
      "<x:a/>",
      "<a b='1' b='2'/>",
      "<a>".repeat(40) + "</a>".repeat(40),
      `<a>${"<b/>".repeat(30_000)}</a>`,
      " ".repeat((1 << 20) + 1),
    ])
      expect(() => parseXml(bad), bad.slice(0, 40)).toThrow(XmlError);
  });

  it("reads what escapeXml wrote, and throws nothing else but XmlError", () => {
    fc.assert(
      fc.property(carried, (s) => {
        expect(parseXml(`<a b="${escapeXml(s)}">${escapeXml(s)}</a>`)).toMatchObject({ text: s, namespace: "" });
      }),
    );
    const piece = fc.constantFrom(
      "<a",
      ">",
      "</a>",
      "/>",
      "&",
      ";",
      "<!--",
      "-->",
      "<?x",
      "?>",
      "<![CDATA[",
      "]]>",
      "xmlns:a='b'",
      "<!DOCTYPE",
      '"',
      "=",
      "&#x10FFFF;",
      "&#xD800;",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, text), { maxLength: 20 }), (parts) => {
        try {
          parseXml(parts.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("is-composing (RFC 3994)", () => {
  it("goes through", () => {
    expect(parseIsComposing(formatIsComposing({ state: "active", refresh: 60 }))).toEqual({
      state: "active",
      refresh: 60,
    });
    expect(parseIsComposing(formatIsComposing({ state: "idle", refresh: 60 }))).toEqual({
      state: "idle",
      refresh: 120,
    });
  });

  it("bounds the refresh interval and takes unknown states as idle", () => {
    const of = (state: string, refresh: string) =>
      parseIsComposing(
        `<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>${state}</state><refresh>${refresh}</refresh></isComposing>`,
      );
    expect(of("active", "99999999")).toEqual({ state: "active", refresh: 3600 });
    expect(of("active", "-1").refresh).toBe(120);
    expect(of("active", "NaN").refresh).toBe(120);
    expect(of("dancing", "60").state).toBe("idle");
    expect(() => parseIsComposing("<isComposing/>")).toThrow(XmlError);
  });
});

describe("IMDN (RFC 5438)", () => {
  it("goes through, whatever the id", () => {
    fc.assert(
      fc.property(
        carried.filter((s) => s !== ""),
        fc.constantFrom("delivery" as const, "display" as const),
        (messageId, kind) => {
          const imdn = {
            messageId,
            dateTime: "2026-01-01T00:00:00Z",
            kind,
            status: kind === "delivery" ? ("delivered" as const) : ("displayed" as const),
          };
          expect(parseImdn(formatImdn(imdn, "sip:alice@example.test"))).toEqual(imdn);
        },
      ),
    );
  });

  it("refuses what says nothing", () => {
    const of = (inner: string) => () => parseImdn(`<imdn xmlns="urn:ietf:params:xml:ns:imdn">${inner}</imdn>`);
    expect(of("")).toThrow(XmlError);
    expect(of("<message-id>1</message-id>")).toThrow(XmlError);
    expect(
      of("<message-id>1</message-id><delivery-notification><status><dancing/></status></delivery-notification>"),
    ).toThrow(XmlError);
    expect(
      of(
        `<message-id>${"x".repeat(600)}</message-id><delivery-notification><status><delivered/></status></delivery-notification>`,
      ),
    ).toThrow(XmlError);
  });
});

describe("watcher information (RFC 3858)", () => {
  it("reads watchers of presence and skips what it does not know", () => {
    const info = parseWatcherInfo(
      `<?xml version="1.0"?><watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="3" state="partial"><watcher-list resource="sip:alice@x.test" package="presence"><watcher status="pending" id="1" event="subscribe" display-name="Bob">sip:bob@x.test</watcher><watcher status="dancing" id="2" event="subscribe">sip:c@x.test</watcher><watcher status="active" id="3" event="approved"/></watcher-list><watcher-list resource="sip:alice@x.test" package="winfo"><watcher status="active" id="4" event="subscribe">sip:d@x.test</watcher></watcher-list></watcherinfo>`,
    );
    expect(info).toEqual({
      version: 3,
      full: false,
      watchers: [{ uri: "sip:bob@x.test", displayName: "Bob", status: "pending" }],
    });
    expect(() => parseWatcherInfo("<presence/>")).toThrow(XmlError);
  });
});

describe("PIDF (RFC 3863) with RPID (RFC 4480)", () => {
  it("gives back own presence as others see it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ownAvailabilities),
        fc.option(
          carried.filter((s) => s !== ""),
          { nil: undefined },
        ),
        fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
        (availability, status, idleSince) => {
          const presence = {
            availability,
            ...(status === undefined ? {} : { status }),
            ...(idleSince === undefined || availability === "offline" ? {} : { idleSince }),
          };
          const read = parsePidf(formatPidf(presence, "sip:alice@example.test", "d1"));
          const { status: _, ...silent } = presence;
          const shown = visibleName(status, maxStatusLength);
          expect(read.presence).toEqual({
            ...silent,
            ...(shown === undefined ? {} : { status: shown.toWellFormed() }),
          });
          expect(read.takesCpim).toBe(availability !== "offline");
        },
      ),
    );
  });

  const pidf = (inner: string) =>
    `<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:a@x">${inner}</presence>`;
  const tuple = (basic: string, id = "a") => `<tuple id="${id}"><status><basic>${basic}</basic></status></tuple>`;

  it("takes the most reachable of several devices, and does not let a closed one speak", () => {
    const person = (id: string, doing: string) =>
      `<dm:person id="${id}"><rpid:activities><rpid:${doing}/></rpid:activities></dm:person>`;
    expect(
      parsePidf(pidf(tuple("open", "t-1") + tuple("open", "t-2") + person("p-1", "away") + person("p-2", "busy")))
        .presence.availability,
    ).toBe("busy");
    expect(
      parsePidf(pidf(tuple("open", "t-1") + tuple("closed", "t-2") + person("p-1", "away") + person("p-2", "busy")))
        .presence.availability,
    ).toBe("away");
    expect(parsePidf(pidf(tuple("closed", "t-1") + person("p-1", "busy"))).presence.availability).toBe("offline");
  });

  it("reads what other clients write", () => {
    // libpurple
    expect(
      parsePidf(
        '<?xml version="1.0"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf"\nxmlns:im="urn:ietf:params:xml:ns:pidf:im"\nentity="sip:p@x"><tuple id="bs35r9f"><status><basic>open</basic></status><note>at my desk</note></tuple></presence>',
      ).presence,
    ).toEqual({ availability: "available", status: "at my desk" });
    // RPID inside the tuple
    expect(
      parsePidf(
        pidf(
          '<tuple id="a"><status><basic>open</basic></status><rpid:activities><rpid:on-the-phone/></rpid:activities></tuple>',
        ),
      ).presence.availability,
    ).toBe("in-call");
    expect(
      parsePidf(
        pidf(
          `${tuple("open")}<dm:person id="x"><rpid:activities><rpid:sleeping/><rpid:unheard-of/></rpid:activities></dm:person><x xmlns="urn:unknown"/>`,
        ),
      ).presence.availability,
    ).toBe("away");
    expect(parsePidf(pidf("")).presence).toEqual({ availability: "offline" });
    expect(() => parsePidf("<presence/>")).toThrow(XmlError);
  });

  it("tells what is not said from what is: without `basic` nobody is offline", () => {
    const silent = '<tuple id="t-a"><status/></tuple>';
    const doing = '<dm:person id="p-a"><rpid:activities><rpid:meeting/></rpid:activities></dm:person>';
    expect(parsePidf(pidf(silent)).presence).toEqual({ availability: "unknown" });
    expect(parsePidf(pidf('<tuple id="a"><status><basic>perhaps</basic></status></tuple>')).presence).toEqual({
      availability: "unknown",
    });
    expect(parsePidf(pidf('<tuple id="a"><note>on leave</note></tuple>')).presence).toEqual({
      availability: "unknown",
      status: "on leave",
    });
    expect(parsePidf(pidf("<note>on leave</note>")).presence).toEqual({ availability: "unknown", status: "on leave" });
    expect(parsePidf(pidf(silent + doing)).presence.availability).toBe("in-meeting");
    expect(parsePidf(pidf(silent + tuple("closed", "t-b"))).presence).toEqual({ availability: "unknown" });
    expect(parsePidf(pidf(silent + tuple("open", "t-b"))).presence).toEqual({ availability: "available" });
  });

  it("takes a note in which nothing shows for none, and cuts a long one at a whole character", () => {
    const status = (note: string) =>
      parsePidf(pidf(`<tuple id="a"><status><basic>open</basic></status><note>${note}</note></tuple>`)).presence.status;
    expect(status("&#x200B;&#x2060;&#x202E;")).toBeUndefined();
    expect(status(`${"a".repeat(maxStatusLength - 1)}👍🏽`)).toBe("a".repeat(maxStatusLength - 1));
  });

  it("takes the note in the person's language, else the one without, else the first", () => {
    const notes = (...all: string[]) =>
      pidf(`<tuple id="a"><status><basic>open</basic></status>${all.join("")}</tuple>`);
    const [czech, french, plain] = [
      '<note xml:lang="cs">v dílně</note>',
      '<note xml:lang="fr">à l’atelier</note>',
      "<note>in the workshop</note>",
    ];
    expect(parsePidf(notes(czech, french, plain), "fr-CA").presence.status).toBe("à l’atelier");
    expect(parsePidf(notes(czech, french, plain), "en").presence.status).toBe("in the workshop");
    expect(parsePidf(notes(czech, french), "en").presence.status).toBe("v dílně");
  });

  it("does not let one device's status text stand beside another's availability", () => {
    const device = (id: string, doing: string, note: string) =>
      `<tuple id="t-${id}"><status><basic>open</basic></status>${note && `<note>${note}</note>`}</tuple><dm:person id="p-${id}"><rpid:activities><rpid:${doing}/></rpid:activities></dm:person>`;
    expect(parsePidf(pidf(device("1", "busy", "at my desk") + device("2", "unknown", ""))).presence).toEqual({
      availability: "available",
    });
    expect(parsePidf(pidf(device("1", "busy", "at my desk") + device("2", "away", ""))).presence).toEqual({
      availability: "busy",
      status: "at my desk",
    });
  });

  it("takes for idle only whoever is idle on every device that says so, since the last of them was used", () => {
    const since = (minute: number): string => `2026-01-01T00:0${minute}:00Z`;
    const idle = (minute: number | undefined): string =>
      minute === undefined ? "" : `<rpid:user-input last-input="${since(minute)}">idle</rpid:user-input>`;
    const open = (id: string, minute?: number): string =>
      `<tuple id="t-${id}"><status><basic>open</basic></status>${idle(minute)}</tuple>`;
    const person = (id: string, minute?: number): string => `<dm:person id="p-${id}">${idle(minute)}</dm:person>`;
    const idleSince = (...parts: string[]): number | undefined => parsePidf(pidf(parts.join(""))).presence.idleSince;
    expect(idleSince(open("a", 1))).toBe(Date.parse(since(1)));
    expect(idleSince(open("a", 1), person("a"))).toBe(Date.parse(since(1)));
    expect(idleSince(open("a"), person("a", 2))).toBe(Date.parse(since(2)));
    expect(idleSince(open("a"), open("b"), person("a", 2), person("b", 5))).toBe(Date.parse(since(5)));
    expect(idleSince(open("a"), open("b"), person("a", 2), person("b"))).toBeUndefined();
    expect(idleSince(open("a", 1), open("b"), person("a"), person("b", 2))).toBeUndefined();
    expect(idleSince(open("a"), person("a"))).toBeUndefined();
    expect(idleSince(open("a"), person("a", 2).replace(">idle<", ">active<"))).toBeUndefined();
    expect(idleSince(open("a"), person("a", 2).replace(since(2), "yesterday"))).toBeUndefined();
  });

  it("cuts a note that is too long", () => {
    expect(
      parsePidf(pidf(`<tuple id="a"><status><basic>open</basic></status><note>${"x".repeat(5000)}</note></tuple>`))
        .presence.status,
    ).toHaveLength(512);
  });
});
