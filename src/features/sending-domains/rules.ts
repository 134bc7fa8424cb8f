/** The records that a domain needs before mail may come from it, and what is wrong with those found. */
export type RecordKey = 'dkim' | 'return_path' | 'spf' | 'dmarc';
export type NeededRecord = {
  key: RecordKey;
  type: 'TXT' | 'MX';
  name: string;
  value: string;
  required: boolean;
};
/** What the DNS holds: nothing, or no answer at all. */
export type Found = readonly string[] | 'none' | 'unanswered';
export type RecordCheck = { key: RecordKey; ok: boolean; answered: boolean; problem: string | null };

type Domain = {
  domain: string;
  selector: string;
  publicKey: string;
  /** Where reports come in; without it the envelope stays that of the installation. */
  mailInHost: string | undefined;
  /** The domain that this installation's own mail comes from: its SPF names the servers that send. */
  platformDomain: string;
};

export function recordsOf(of: Domain): NeededRecord[] {
  const { domain, mailInHost } = of;
  const path = `bounce.${domain}`;
  const spf = `v=spf1 include:${of.platformDomain} ~all`;
  return [
    {
      key: 'dkim',
      type: 'TXT',
      name: `${of.selector}._domainkey.${domain}`,
      value: `v=DKIM1; k=rsa; p=${of.publicKey}`,
      required: true,
    },
    ...(mailInHost
      ? ([
          { key: 'return_path', type: 'MX', name: path, value: `10 ${mailInHost}`, required: true },
          { key: 'spf', type: 'TXT', name: path, value: spf, required: true },
        ] as const)
      : []),
    { key: 'dmarc', type: 'TXT', name: `_dmarc.${domain}`, value: 'v=DMARC1; p=none', required: false },
  ];
}

/** The tags of a record such as `v=DKIM1; p=…`. */
const tagsOf = (text: string): Map<string, string> =>
  new Map(
    text.split(';').flatMap((part): [string, string][] => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).replace(/\s+/g, '')]];
    }),
  );

export function checkRecord(record: NeededRecord, found: Found): RecordCheck {
  const { key } = record;
  if (found === 'unanswered')
    return {
      key,
      ok: false,
      answered: false,
      problem: 'The DNS gave no answer. Try again in a few minutes.',
    };
  if (found === 'none' || found.length === 0)
    return {
      key,
      ok: false,
      answered: true,
      problem: `There is no ${record.type} record at ${record.name} yet. New ones can take an hour to be seen.`,
    };
  const problem = judges[key](record, found);
  return { key, ok: problem === null, answered: true, problem };
}

const judges: Record<RecordKey, (record: NeededRecord, found: readonly string[]) => string | null> = {
  dkim: ({ value }, found) => {
    const key = tagsOf(value).get('p');
    const keys = found.map((text) => tagsOf(text).get('p')).filter((each) => each !== undefined);
    if (keys.length > 1) return 'There are two keys at this name: take the other one out.';
    if (keys[0] === key) return null;
    return keys[0] === undefined || keys[0] === ''
      ? 'The record holds no key: copy the whole value.'
      : 'The record holds another key, or a part of it: copy the whole value. Long values go in without a line break.';
  },
  return_path: ({ value }, found) => {
    const host = value.split(' ')[1];
    if (found.length === 1 && found[0] === host) return null;
    return found.some((each) => each === host)
      ? 'Other servers are named beside ours: reports of bounces would get lost. Take them out.'
      : `It leads to ${found.join(', ')}, not to ${host}.`;
  },
  spf: ({ value }, found) => {
    const spf = found.filter((text) => /^v=spf1(\s|$)/i.test(text.trim()));
    if (spf.length === 0) return 'There is a text here, but none that begins with v=spf1.';
    if (spf.length > 1)
      return 'There are two records that begin with v=spf1, which counts as none. Join them.';
    const include = /include:\S+/.exec(value)?.[0].toLowerCase() ?? '';
    return spf[0]?.toLowerCase().split(/\s+/).includes(include) ? null : `The record lacks ${include}.`;
  },
  dmarc: (_record, found) => {
    const dmarc = found.filter((text) => /^v=DMARC1\s*;/i.test(text.trim()));
    if (dmarc.length !== 1) return 'There must be exactly one text here that begins with v=DMARC1.';
    return /^(none|quarantine|reject)$/i.test(tagsOf(dmarc[0] ?? '').get('p') ?? '')
      ? null
      : 'Its p= must be none, quarantine or reject.';
  },
};

export type DomainState = 'pending' | 'verified' | 'failed';

/** Where the DNS does not answer nothing is learned: what was verified stays so. */
export function stateByChecks(
  before: DomainState,
  records: readonly NeededRecord[],
  checks: readonly RecordCheck[],
): DomainState {
  const required = checks.filter(({ key }) =>
    records.some((record) => record.key === key && record.required),
  );
  if (required.length > 0 && required.every(({ ok }) => ok)) return 'verified';
  return required.some(({ ok, answered }) => !ok && answered) ? 'failed' : before;
}

/** Mail programs' own domains: nobody but they can put records there. */
const ofOthers = new Set(
  [
    'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com aol.com icloud.com me.com',
    'gmx.com gmx.net gmx.de web.de t-online.de proton.me protonmail.com mail.com yandex.com',
  ].flatMap((line) => line.split(' ')),
);

/** A domain that somebody may have put records into; or why not. */
export function readDomain(text: string): { domain: string } | { problem: string } {
  const domain = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/.]+$/, '');
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
  if (domain.length > 190 || !new RegExp(`^(${label}\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`).test(domain))
    return { problem: 'Give a domain such as example.com; write umlauts in their xn-- form.' };
  if (ofOthers.has(domain))
    return {
      problem: `${domain} belongs to a mail provider, who alone can prove it. Give a domain of your own.`,
    };
  return { domain };
}
