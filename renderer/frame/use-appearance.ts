import { useEffect } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";

/** Puts theme, language and direction on the page, and the unread count into the window's title. */
export function useAppearance(): void {
  const { replica, words, roster } = useApp();
  const theme = settingValue(replica, "Theme");
  const { language, direction, t } = words.value;
  const unread = roster.unread.value;
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = direction;
  }, [language, direction]);
  useEffect(() => {
    document.title = unread === 0 ? t("app.name") : `(${unread}) ${t("app.name")}`;
  }, [unread, t]);
}
