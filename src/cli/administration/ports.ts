/** The ports of administration on an installation's two databases. */
import { vendorLicenceKey } from '../../config.ts';
import type { Administration } from '../../core/administration/ports.ts';
import { type LicenceStore, licenceLimits } from '../../core/licence.ts';
import type { Database } from '../../db/database.ts';
import { PostgresDocumentStore } from '../../db/document-store.ts';
import { createAdministrationStore } from '../../db/system/administration-store.ts';
import { PostgresLicenceStore } from '../../db/system/licence.ts';

export function licenceStore(system: Database): LicenceStore {
  return new PostgresLicenceStore(system, vendorLicenceKey());
}

export function administrationOf(system: Database, documents: Database): Administration {
  return {
    store: createAdministrationStore(system),
    limits: () => licenceLimits(licenceStore(system)),
    tables: async () => new Set((await new PostgresDocumentStore(documents).tables()).keys()),
  };
}
