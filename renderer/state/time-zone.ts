/**
 * Name and offset of the time zone that the computer is in now: another text when anything that is shown of times is
 * another.
 */
export function timeZoneNow(): string {
  return `${Intl.DateTimeFormat().resolvedOptions().timeZone} ${new Date().getTimezoneOffset()}`;
}
