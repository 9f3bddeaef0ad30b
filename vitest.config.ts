import { defineConfig } from 'vitest/config';

/** Tests that talk to PostgreSQL: one embedded server for all of them, started only when one of them runs. */
const withPostgres = [
  'test/db/**/*.test.ts',
  'test/pki/command.test.ts',
  'test/screens/administration/**/*.test.{ts,tsx}',
  'test/screens/fichier/**/*.test.ts',
  'test/screens/input/**/*.test.ts',
  'test/screens/t2d/t2d.test.ts',
  'test/screens/setup/**/*.test.ts',
  'test/screens/lines/**/*.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: 'test/records.ts',
    pool: 'forks',
    // Ink asks for it at every frame, and where nothing says it, by two processes: twice as long.
    env: { COLUMNS: '80', LINES: '24' },
    // Most of them wait for a database, a broker or a process more than they compute.
    maxWorkers: 4,
    projects: [
      { extends: true, test: { name: 'plain', include: ['test/**/*.test.{ts,tsx}'], exclude: withPostgres } },
      { extends: true, test: { name: 'postgres', include: withPostgres, globalSetup: 'test/postgres.ts' } },
    ],
  },
});
