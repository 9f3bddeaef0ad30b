/** One certificate, with all that tells it from others. */
import type { CertificateDetail } from '../../core/console-ports.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';
import { isEnding, openRevocation, stateText } from './certificates.ts';

export class CertificateScreen implements PagerScreen {
  readonly places = ['certificate', 'pager'] as const;
  readonly pager = new Pager();
  readonly #desk: Desk;
  readonly #key: string;
  #detail: CertificateDetail | undefined;

  constructor(desk: Desk, key: string) {
    this.#desk = desk;
    this.#key = key;
    this.resume();
  }

  get about(): string | undefined {
    return this.#detail?.holder;
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    return this.#detail && this.#detail.state !== 'revoked' ? ['certificate-revoke'] : [];
  }

  key(key: Key): boolean {
    if (bindingOf('certificate', key) !== 'certificate-revoke') return this.pager.key(key);
    if (this.#detail) openRevocation(this.#desk, this.#detail);
    return true;
  }

  /** Also when it was revoked on top of it. */
  resume(): void {
    void this.#desk.reading(
      this.#desk.session.installation.security
        .certificate(this.#key)
        .then(detail => {
          this.#detail = detail;
          this.pager.show(linesOf(detail, this.#desk));
        })
        .catch(error => this.#desk.fault(error)),
    );
  }
}

function linesOf(detail: CertificateDetail, desk: Desk): PagerLine[] {
  const { texts, language } = desk;
  const words = pkiTexts[language];
  const day = (at: number) => calendarDay(localDay(at), language);
  const { client, revokedAt, revocationReason } = detail;
  const why = texts.security.reasons[revocationReason as keyof typeof texts.security.reasons];
  return [
    { label: words.subject, text: detail.holder },
    { label: words.issuer, text: detail.issuer },
    { label: words.role, text: words.roles[detail.role] },
    ...(client === undefined ? [] : [{ label: words.client, text: `${client}` }]),
    { label: words.from, text: `${day(detail.notBefore)} ${words.until} ${day(detail.notAfter)}` },
    {
      label: words.state,
      text: stateText(detail, desk),
      isBad: detail.state !== 'valid' || isEnding(detail),
    },
    ...(revokedAt === undefined
      ? []
      : [{ label: texts.security.revokedOn, text: `${day(revokedAt)} ${why ?? revocationReason ?? ''}` }]),
    ...inHalves(words.fingerprint, detail.fingerprint, ' '),
    { label: words.key, text: detail.key },
    { label: words.serial, text: detail.serial },
    ...inHalves(words.sha256, detail.sha256, ':'),
  ];
}

/** Two lines that are as easy to compare as one, and fit. */
export function inHalves(label: string, text: string, separator: string): PagerLine[] {
  const parts = text.split(separator);
  const half = Math.ceil(parts.length / 2);
  return [
    { label, text: parts.slice(0, half).join(separator) },
    { label: '', text: parts.slice(half).join(separator) },
  ];
}
