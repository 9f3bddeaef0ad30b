/** A connection to PostgreSQL whose end does not wait for a server that has vanished. */
import pg from 'pg';

/** All is answered by then; a server that is there closes its end at once. */
const farewellMs = 2_000;

export class Client extends pg.Client {
  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | undefined {
    // The kernel would go on for a quarter of an hour, and the program with it.
    const timer = setTimeout(() => this.connection.stream.destroy(), farewellMs).unref();
    this.connection.once('end', () => clearTimeout(timer));
    if (!callback) return super.end();
    super.end(callback);
    return undefined;
  }
}
