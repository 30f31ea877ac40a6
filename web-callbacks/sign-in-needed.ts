/** Sends a browser to sign in, and back again; the error handler turns it into a redirect. */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded';
  /** The path to come back to. */
  readonly next: string;
  constructor(next: string) {
    super('nobody is signed in');
    this.next = next;
  }
}
