import { isLink } from "../../addressing/link-schemes.ts";

/**
 * The arguments that are meant for Hallway. Packaged, the program is its own first argument; else Electron is, its own
 * switches may follow, then the folder of the program.
 */
export function ownArguments(argv: readonly string[], isPackaged: boolean): readonly string[] {
  if (isPackaged) return argv.slice(1);
  const program = argv.findIndex((argument, index) => index > 0 && !argument.startsWith("-"));
  return program < 0 ? [] : argv.slice(program + 1);
}

const windowArguments: readonly RegExp[] = [
  /^--ozone-platform(?:-hint)?=[a-z0-9]+$/,
  /^--force-device-scale-factor=[0-9.]+$/,
  /^--(?:disable-gpu|enable-wayland-ime|hidden|updated|squirrel-[a-z]+)$/,
  /^-psn_\d+_\d+$/,
];

/** Link that the desktop hands over among the arguments: the last one, as a desktop appends it (`%u`). */
export function linkIn(args: readonly string[]): string | undefined {
  return args.findLast((argument) => isLink(argument));
}

/**
 * True for arguments that a desktop adds by itself when it opens the window, or that a person needs to see it: the
 * display (Ozone), its scale, drawing without the graphics card; macOS's process number; what installers say after an
 * update; a start with the session (login-item.ts); a link (deep-link.ts). Anything else is refused.
 */
export function isForWindow(argument: string): boolean {
  return isLink(argument) || windowArguments.some((form) => form.test(argument));
}
