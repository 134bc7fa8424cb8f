import type { SendingDomain } from '#features/sending-domains/ui/staff/sending-domain-settings.tsx';
import { CopyButton } from '#ui/copy.tsx';
import { State } from '#ui/state.tsx';

type NeededRecord = SendingDomain['records'][number];

const titles: Record<NeededRecord['key'], string> = {
  dkim: 'Signature (DKIM)',
  return_path: 'Return path',
  spf: 'Servers that may send (SPF)',
  dmarc: 'Policy (DMARC)',
};

/** Each record with what it is for, its two values to copy, and what was found. */
export function DomainRecords({ records }: { records: readonly NeededRecord[] }) {
  return (
    <ul className="dns-records">
      {records.map((record) => (
        <li key={record.key} aria-label={titles[record.key]}>
          <div className="dns-head">
            <strong>{titles[record.key]}</strong>
            <span className="fine">
              {record.type} record{record.required ? '' : ', recommended'}
            </span>
            <Found record={record} />
          </div>
          <dl>
            <div>
              <dt>Name</dt>
              <dd>
                <code className="break">{record.name}</code>
                <CopyButton size="xs" text={record.name}>
                  Copy name
                </CopyButton>
              </dd>
            </div>
            <div>
              <dt>Value</dt>
              <dd>
                <code className="break">{record.value}</code>
                <CopyButton size="xs" text={record.value}>
                  Copy value
                </CopyButton>
              </dd>
            </div>
          </dl>
          {record.problem && <p className="fine">{record.problem}</p>}
        </li>
      ))}
    </ul>
  );
}

function Found({ record }: { record: NeededRecord }) {
  if (record.ok === null) return null;
  if (record.ok) return <State tone="good">Found</State>;
  return (
    <State tone={record.required ? 'bad' : 'warn'}>{record.required ? 'Not right yet' : 'Missing'}</State>
  );
}
