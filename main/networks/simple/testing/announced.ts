import { Announcement, Capabilities } from "../capabilities.ts";
import { features } from "../features.ts";

/** What is announced where no server takes our presence. */
export const announced = new Announcement(new Capabilities(features), { accepted: false });
