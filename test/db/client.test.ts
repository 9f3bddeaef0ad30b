import { expect, it } from 'vitest';
import { Client } from '../../src/db/client.ts';
import { connectionOptions } from '../../src/db/database.ts';
import { Wire } from '../site/wire.ts';
import { serverSettings } from './databases.ts';

const server = { ...serverSettings(), database: 'postgres' };

it('ends a connection whose other end has vanished', async () => {
  const wire = await Wire.to(server.port);
  const client = new Client(connectionOptions({ ...server, host: '127.0.0.1', port: wire.port }, 'test'));
  try {
    await client.connect();
    wire.freeze();
    await client.end();
    expect(client.connection.stream.destroyed).toBe(true);
  } finally {
    await wire.close();
  }
});
