/**
 * Messages said at Northlight before today. A line is `days-ago hh:mm who text`; `me` is the person in front of the
 * window. One-to-one by the other's user name, rooms by theirs.
 */
export const talks: Readonly<Record<string, string>> = {
  priya: `
9 09:04 priya Morning! Did the coating samples from Lindqvist arrive?
9 09:06 me Yes, yesterday afternoon. Twelve pieces, two of them chipped at the edge.
9 09:07 priya Which two?
9 09:09 me 4 and 11. I put them in a separate tray and told Claire, she will claim them.
9 09:10 priya Perfect. I'll start with the other ten.
6 14:31 priya First numbers: reflectance at 940 nm is 0.4 % on average. The data sheet promised 0.6.
6 14:33 me That is better than I hoped. And after the humidity cycle?
6 14:34 priya Running since noon, ends tomorrow at noon.
6 14:35 me Then let's not tell the customer before tomorrow at one :)
6 14:35 priya Ha, agreed.
5 12:58 priya Humidity done. 0.5 % worst case, nothing peeled.
5 13:02 me Excellent. Can you put both tables into the report for Zürich?
5 13:03 priya Will do. Who reads it there?
5 13:05 me Frau Keller. She likes the raw data attached.
2 10:15 me One question from Zürich: which angle did you measure at?
2 10:19 priya 8 degrees, unpolarized. It is on page 3 but I can move it up.
2 10:20 me Please do, they always ask.
2 10:41 priya Moved. Version 1.2 is in the folder.
1 16:20 priya Zürich signed! Four thousand lenses, first delivery in February.
1 16:22 me Wonderful. You and Mei should present it on Friday.
1 16:23 priya We'd love to. Ten minutes?
1 16:24 me Take fifteen, bring the chipped one as well.
0 08:52 priya Slides are ready for a first look: https://files.northlight.example/coating-friday
0 08:55 me On it after stand-up.
0 09:37 me I like them. On slide 6 I would show the humidity curve before the table.
0 09:41 priya Good idea, the curve says it all. Changing it now.
0 09:42 priya Shall we rehearse at two?`,
  jonas: `
8 11:12 jonas Firmware 4.1 hangs when the bus is pulled during calibration.
8 11:14 me Always, or now and then?
8 11:15 jonas About one in twenty. I have a trace.
8 11:40 me Looks like the watchdog is fed from the wrong task.
8 11:46 jonas You're right. Moved it, 200 pulls and no hang.
7 09:05 jonas 4.1.1 is tagged. Release notes are short this time.
7 09:08 me Short is good.
3 15:22 jonas The supplier wants to change the connector to a cheaper one. Same footprint.
3 15:25 me Same temperature range?
3 15:26 jonas No, 85 instead of 105 °C.
3 15:27 me Then no. Please tell them kindly.
3 15:31 jonas Kindly told.
1 10:02 jonas 4.2 passes everything on the rack except the long soak, which ends tonight.
1 17:48 jonas Soak passed.
1 17:50 me Great work. Release on Thursday?
1 17:51 jonas Thursday it is.
0 09:12 jonas Supplier call until ten, then I'll prepare the release.`,
  mei: `
7 13:20 mei The new shield cuts the noise floor by 3 dB. I did not expect that much.
7 13:24 me Is it the shield or the shorter ground path?
7 13:25 mei Both, I think. I'll measure them one by one.
6 10:10 mei Shield alone: 1.2 dB. Ground path alone: 1.9 dB.
6 10:12 me So the cheap fix does most of it.
6 10:13 mei As always.
4 16:45 me Can you show the spectrum to the team on Monday?
4 16:47 mei Yes. 10 minutes, no formulas, I promise.
4 16:48 me One formula is allowed.
1 11:30 mei Lab 2 is free on Thursday, I booked it for the soak test.
0 09:20 mei Did you see the plot I sent? The peak at 50 Hz is the lamp, not us.
0 09:26 me I did. Swap the lamp and measure again before somebody asks.`,
  claire: `
9 09:30 me Claire, two of the Lindqvist samples are chipped (4 and 11). Photos are in the folder.
9 09:34 claire Merci, I'll claim them today.
8 14:03 claire They apologise and send three new ones, without charge.
8 14:04 me Très bien!
4 10:11 claire I need your signature on PO 4471 before noon.
4 10:15 me Signed.
4 10:15 claire Parfait.
1 09:02 claire Month-end is tomorrow. Anything over 500 € that is still open on your side?
1 09:10 me Only the oven calibration, 1 240 €. The invoice came this morning.
1 09:11 claire Send it over and it will still make it.
0 08:45 claire Got it, booked. À demain for the rest.`,
  tomas: `
6 08:12 tomas Truck for Rotterdam is here early. Are the sensor boxes ready?
6 08:14 me Twelve on the shelf, labels on. Jonas brings the last two.
6 08:31 tomas Loaded. Seals photographed.
3 12:40 tomas Customs asks for the material of the housing.
3 12:43 me Aluminium 6082, anodised. Certificate is in the order folder.
3 12:44 tomas That was quick, thanks.
1 15:05 tomas Rotterdam confirmed the arrival. No damage.`,
  ingrid: `
5 09:15 ingrid I am planning week 48. How many days do you need on line 2?
5 09:18 me Three, if the lenses come on Monday.
5 09:19 ingrid And if not?
5 09:20 me Then two in week 48 and two in week 49.
5 09:22 ingrid I'll keep both versions.
2 13:47 ingrid Lenses are confirmed for Monday morning. Version one it is.
2 13:48 me Thank you, Ingrid.`,
  hannah: `
7 10:01 hannah Ticket 2274: reading jumps after an hour. The customer is a little upset.
7 10:04 me Which firmware?
7 10:05 hannah 4.0.
7 10:06 me That is the drift bug, fixed in 4.1.1. Walk them through the update and it will be gone.
7 11:20 hannah Updated, stable since an hour. They say thank you!
3 09:44 hannah Is there a data sheet in Polish?
3 09:47 me Daniel made one in spring: sheet-pl-3.pdf.
3 09:48 hannah Found it.
0 09:05 hannah 2274 closed for good. Five stars, and a photo of their very tidy plant.`,
  samuel: `
8 17:20 samuel I'm on leave from Thursday, back on the 30th. Mei has the keys for the dark room.
8 17:22 me Enjoy it! Where are you going?
8 17:23 samuel Lagos, my sister is getting married.
8 17:24 me Congratulations to her!`,
};

export const rooms: Readonly<Record<string, { readonly name: string; readonly talk: string }>> = {
  release: {
    name: "Release 4.2",
    talk: `
3 09:00 jonas Opening this room for 4.2. Freeze is tomorrow at noon.
3 09:02 mei Calibration tables are final.
3 09:05 hannah From support: please keep the old menu names, two customers have printed manuals.
3 09:06 jonas Kept.
3 11:32 priya Coating factor for the new lenses is 1.004, already in the table.
2 11:58 jonas Frozen. Only fixes from here.
2 14:10 mei Found one: the self-test reports lamp errors in Kelvin.
2 14:12 jonas That is poetic, but no. Fixed.
2 16:40 hannah Manual pages are with the translators.
1 10:03 jonas Everything green except the soak, ends tonight.
1 17:48 jonas Soak green.
1 17:49 mei Cake?
1 17:50 priya Cake.
0 09:15 jonas Release notes: https://files.northlight.example/4-2-notes - please read until two.`,
  },
  "lab-bench": {
    name: "Lab bench",
    talk: `
6 08:30 mei Good morning. The oven is at 60 °C until Wednesday, please do not open it.
6 08:41 samuel And please do not bake anything in it.
6 08:42 mei That happened once.
4 13:15 priya Who has the small torque wrench?
4 13:19 jonas Drawer 3, under the paper.
4 13:20 priya Found, thanks.
2 09:50 mei New lamp for the spectrometer arrives on Friday.
2 09:52 jonas The old one had a good life.
1 14:22 priya The optics table is level again. Do not lean on it.
0 08:40 mei Lab 2 is ours on Thursday, all day.`,
  },
};

/** A line of talk with its time. */
export interface Line {
  readonly who: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const day = 86_400_000;

/**
 * Reads a talk as if today were the day of `now`. What would lie in the future moves the whole talk back, so that it is
 * believable at any hour.
 */
export function linesOf(talk: string, now: number): readonly Line[] {
  const lines = talk
    .trim()
    .split("\n")
    .map((line, index) => {
      const [, ago, hours, minutes, who, text] = /^(\d+) (\d\d):(\d\d) (\S+) (.*)$/.exec(line) ?? [];
      if (who === undefined || text === undefined) throw new Error(`not a line of talk: ${line}`);
      const date = new Date(now - Number(ago) * day);
      date.setHours(Number(hours), Number(minutes), index % 60, 0);
      return { who, text, at: date.getTime() };
    });
  const shift = Math.max(0, (lines.at(-1)?.at ?? 0) - (now - 60_000));
  return lines.map((line) => ({ ...line, at: line.at - shift }));
}
