/** What the SILVER edition allows without a key (guide §2.10). */
import type { LicenceLimits } from './ports.ts';

export const silverLimits: LicenceLimits = { clients: 10, operators: 20 };
