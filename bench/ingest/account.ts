/** What became of every message of a part: none lost, none twice, each billed and receipted once. */
import { accountOf } from '../../test/site/account.ts';
import type { Site } from '../../test/site/site.ts';

export interface Toll {
  readonly lost: number;
  readonly twice: number;
}

/** `earlier`: records that were there before the part. Throws where what was filed is not billed or not receipted. */
export async function tollOf(
  site: Site,
  sent: number,
  earlier: number,
  say: (line: string) => void,
): Promise<Toll> {
  const { filed, distinct, receipted, billed } = await accountOf(site, earlier);
  const toll = { lost: sent - distinct, twice: filed - distinct };
  say(
    `  sent ${sent}, filed ${filed}, billed ${billed}, receipted ${receipted}, lost ${toll.lost}, twice ${toll.twice}`,
  );
  if (billed !== sent || receipted !== sent) throw new Error('the account does not balance');
  return toll;
}
