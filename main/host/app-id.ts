/**
 * Name of this program for the desktop: application and bundle id, AppUserModelID of Windows, desktop entry and window
 * class of Linux, domain of managed preferences on macOS.
 */
export const appId = "im.hallway.desktop";

/** CLSID by which Windows calls this program for a click on one of its toasts; fixed, so that older ones work too. */
export const toastActivator = "{6E7A3C5B-5A0E-4E0C-9C39-0C6B6A7D2F41}";
