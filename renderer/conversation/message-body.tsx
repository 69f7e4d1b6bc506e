import { useMemo } from "preact/hooks";
import { parseQuery } from "../../shared/search/query.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { bodyPieces, type Run } from "./body-pieces.ts";

/**
 * The text of a message: text nodes, links and marks, never markup. A link is handed to main, which opens the browser.
 * `searched`: what was searched for and is marked in it.
 */
export function MessageBody({ body, searched }: { readonly body: string; readonly searched?: string | undefined }) {
  const { client, replica, ui, words } = useApp();
  const mode = settingValue(replica, "LinkMode");
  const clickable = mode === "open" || mode === "warn";
  const pieces = useMemo(
    () => bodyPieces(body, { links: clickable, query: searched === undefined ? undefined : parseQuery(searched) }),
    [body, clickable, searched],
  );
  const open = (event: MouseEvent, url: string): void => {
    event.preventDefault();
    if (mode === "warn") ui.dialog.value = { kind: "open-link", url };
    else client.request("app.openLink", { url }).catch(() => undefined);
  };
  return (
    <span class="message-body" dir="auto">
      {pieces.map(({ runs, url }, index) =>
        url === undefined ? (
          drawn(runs)
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
            {drawn(runs)}
          </a>
        ),
      )}
    </span>
  );
}

function drawn(runs: readonly Run[]) {
  return runs.map(({ text, match }, index) => (match ? <mark key={index}>{text}</mark> : text));
}
