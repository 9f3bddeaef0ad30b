/** The commands of `xmstation` by their words; each is loaded when it is called. */
import type { StationCommand } from './session.ts';

export const stationCommands: Readonly<Record<string, () => Promise<StationCommand>>> = {
  init: async () => (await import('./init.ts')).init,
  enrol: async () => (await import('./enrolment.ts')).enrol,
  password: async () => (await import('./password.ts')).password,
  validate: async () => (await import('./validate.ts')).validate,
  export: async () => (await import('./export.ts')).exportCommand,
  import: async () => (await import('./import.ts')).importCommand,
  certify: async () => (await import('./certify.ts')).certify,
  account: async () => (await import('./account.ts')).account,
  profile: async () => (await import('./profile.ts')).profile,
  message: async () => (await import('./message.ts')).message,
  t2d: async () => (await import('./t2d.ts')).t2d,
  status: async () => (await import('./status.ts')).status,
  setting: async () => (await import('./setting.ts')).setting,
  stop: async () => (await import('./stop.ts')).stop,
};
