import { Announcement, Capabilities } from "../capabilities.ts";
import { features } from "../features.ts";

/** Capabilities that are announced where no server takes our presence. */
export const announced = new Announcement(new Capabilities(features), { accepted: false });
