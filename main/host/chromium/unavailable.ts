/** This host cannot run here; the message is one plain sentence for the person at the terminal. */
export class HostUnavailable extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "HostUnavailable";
  }
}
