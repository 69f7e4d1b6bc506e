/** Replaces what a text file cannot hold: lone surrogates, and control characters other than tab and line ends. */
export function plain(text: string): string {
  return /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/.test(text) ? cleaned(text) : text;
}

/** As `plain`, on one line: line ends and tabs become spaces. */
export function oneLine(text: string): string {
  return plain(text).replace(/[\r\n\t\u2028\u2029]+/g, " ");
}

function cleaned(text: string): string {
  return text.toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g, "\ufffd");
}
