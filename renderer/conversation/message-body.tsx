import { useMemo } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { linkify } from "./linkify.ts";

/** The text of a message: text nodes and links, never markup. A link is handed to main, which opens the browser. */
export function MessageBody({ body }: { readonly body: string }) {
  const { client, words } = useApp();
  const pieces = useMemo(() => linkify(body), [body]);
  const open = (event: MouseEvent, url: string): void => {
    event.preventDefault();
    client.request("app.openLink", { url }).catch(() => undefined);
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
