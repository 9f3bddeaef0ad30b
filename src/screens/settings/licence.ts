/** Fichier / Licence: what this installation may have, what of it is used, and its id, which a key is made for. */
import { sentence } from '../../core/errors.ts';
import { licenceState } from '../../core/licence.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, grouped } from '../../text/format.ts';
import { licenceTexts } from '../../text/licence.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import { mayDo } from '../privilege.ts';
import type { PagerScreen } from '../screens.ts';

export class LicenceScreen implements PagerScreen {
  readonly places = ['licence', 'pager'] as const;
  readonly pager = new Pager();
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.resume();
  }

  get title(): string {
    return this.#desk.texts.settings.licence.title;
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    return ['licence-enter'];
  }

  key(key: Key): boolean {
    if (bindingOf('licence', key) !== 'licence-enter') return this.pager.key(key);
    if (mayDo(this.#desk, 'licence-set')) this.#desk.open('licence-key');
    return true;
  }

  /** Also when a key was entered on top of it. */
  resume(): void {
    void this.#desk.reading(
      linesOf(this.#desk)
        .then(lines => this.pager.show(lines))
        .catch(error => this.#desk.fault(error)),
    );
  }
}

async function linesOf({ session, texts, language }: Desk): Promise<PagerLine[]> {
  const { licence: store, administration } = session.installation;
  const { licence: words } = texts.settings;
  const labels = licenceTexts[language];
  const [{ installation, limits, licence, problem }, clients, operators] = await Promise.all([
    licenceState(store),
    administration.store.countClients({}),
    administration.store.operators(),
  ]);
  const active = operators.filter(({ privilege }) => privilege > 0).length;
  const used = (count: number, limit: number) =>
    words.used(grouped(count, language), grouped(limit, language));
  const day = (text: string) => calendarDay(text, language);
  return [
    { label: labels.installation, text: installation },
    { label: labels.edition, text: licence ? labels.licensed : labels.silver },
    ...(licence
      ? [
          { label: labels.holder, text: licence.holder },
          { label: labels.issued, text: day(licence.issued) },
          { label: labels.until, text: licence.until === undefined ? labels.endless : day(licence.until) },
        ]
      : []),
    { label: labels.clients, text: used(clients, limits.clients), isBad: clients >= limits.clients },
    { label: labels.operators, text: used(active, limits.operators), isBad: active >= limits.operators },
    ...(problem
      ? [{ label: labels.problem, text: sentence(problem.code, problem.params, language), isBad: true }]
      : []),
    { text: '' },
    ...words.advice.map(text => ({ text })),
  ];
}
