/** One SASL mechanism during one authentication (RFC 4422). Texts are what goes inside base64. */
export interface Mechanism {
  readonly name: string;
  /** The initial response. */
  initial(): string;
  /** The answer to a challenge. */
  respond(challenge: string): Promise<string>;
  /** The server says that it went well: checks what it has to prove. Error: `server-not-authentic`. */
  succeed(data: string): void;
}
