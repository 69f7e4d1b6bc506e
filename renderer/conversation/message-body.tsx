import { useMemo } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { linkify, type Piece } from "./linkify.ts";

/** The text of a message: text nodes and links, never markup. A link is handed to main, which opens the browser. */
export function MessageBody({ body }: { readonly body: string }) {
  const { client, replica, ui, words } = useApp();
  const mode = settingValue(replica, "LinkMode");
  const clickable = mode === "open" || mode === "warn";
  const pieces = useMemo(() => (clickable ? linkify(body) : [{ text: body } satisfies Piece]), [body, clickable]);
  const open = (event: MouseEvent, url: string): void => {
    event.preventDefault();
    if (mode === "warn") ui.dialog.value = { kind: "open-link", url };
    else client.request("app.openLink", { url }).catch(() => undefined);
  };
  return (
    <span class="message-body" dir="auto">
      {pieces.map(({ text, url }, index) =>
        url === undefined ? (
          text
        ) : (
          <a
            key={index}
            href={url}
            rel="noreferrer noopener"
            title={`${url}\n${words.value.t("message.linkOpens")}`}
            draggable={false}
            onClick={(event) => open(event, url)}
            onAuxClick={(event) => open(event, url)}
          >
            {text}
          </a>
        ),
      )}
    </span>
  );
}
