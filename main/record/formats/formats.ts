import type { ExportFormat } from "../../../shared/model/export.ts";
import { csv } from "./csv.ts";
import { eml } from "./eml.ts";
import type { Format } from "./format.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { xml } from "./xml.ts";

/** Every format of an export. */
export const formats: Readonly<Record<ExportFormat, Format>> = { json, eml, xml, html, csv };
