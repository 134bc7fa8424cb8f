import { Select, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { noticeReaders } from '#features/notifications/api.ts';
import {
  chooseNotice,
  getNoticeChoices,
  getNoticeDefaults,
  setNoticeDefault,
} from '#features/notifications/api.ts';
import {
  channelsOf,
  type NoticeChannel,
  type NoticeKind,
  noticeKindNames,
  noticeKinds,
} from '#features/notifications/notice-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

const channelWords: Record<NoticeChannel, string> = {
  mail: 'Mail at once',
  digest: 'Daily mail',
  console: 'Only here',
  off: 'Off',
};
type Reader = (typeof noticeReaders)[number];
const readerWords: Record<Reader, string> = {
  everyone: 'Everyone who has chosen nothing',
  addresses: 'The addresses of your organization',
  superuser: 'Superusers',
  settings_manager: 'Settings managers',
  receivables: 'Receivables',
  payments: 'Payments',
  collections: 'Collections',
  report_viewer: 'Report viewers',
  dashboard: 'Dashboard',
};
const groups = ['Money', 'Customers', 'Work'] as const;

/** How somebody is told of what happens, and how those who never chose are. */
export function NotificationSettings() {
  return (
    <div className="stack loose">
      <OwnChoices />
      <Defaults />
    </div>
  );
}

type Line = { kind: NoticeKind; value: string; options: { value: string; label: string }[]; note?: string };
type LinesProps = { lines: Line[]; disabled?: boolean; onChoose: (kind: NoticeKind, value: string) => void };

function Lines({ lines, disabled = false, onChoose }: LinesProps) {
  return groups.map((group) => {
    const own = lines.filter(({ kind }) => noticeKinds[kind].group === group);
    if (own.length === 0) return null;
    return (
      <div key={group} className="notice-group" role="group" aria-label={group}>
        <h3>{group}</h3>
        {own.map(({ kind, value, options, note }) => (
          <div key={kind} className="notice-line">
            <div>
              <strong>{noticeKinds[kind].title}</strong>
              <p className="fine">{note ?? noticeKinds[kind].says}</p>
            </div>
            <Select
              aria-label={noticeKinds[kind].title}
              data={options}
              value={value}
              disabled={disabled}
              allowDeselect={false}
              onChange={(next) => next && onChoose(kind, next)}
            />
          </div>
        ))}
      </div>
    );
  });
}

const wordsOf = (channels: readonly NoticeChannel[]) =>
  channels.map((value) => ({ value, label: channelWords[value] }));
const channelOf = (value: string): NoticeChannel | null =>
  (Object.keys(channelWords) as NoticeChannel[]).find((each) => each === value) ?? null;

function OwnChoices() {
  const asked = useAsk(getNoticeChoices);
  const act = useAct(chooseNotice);
  const choose = (kind: NoticeKind, value: string): void => {
    act.run({ body: { kind, channel: channelOf(value) } }).catch(tellProblem);
  };
  return (
    <Sheet title="What you are told of">
      <p className="measure">
        Each kind comes as a mail at once, in one mail a day, or only under the bell. You are told of what
        your role may see.
      </p>
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      {asked.isPending && <Skeleton height={320} />}
      <Lines
        disabled={act.busy}
        onChoose={choose}
        lines={(asked.data?.data ?? []).map(({ kind, own, otherwise, mailed_as_address }) => ({
          kind,
          value: own ?? 'default',
          options: [
            {
              value: 'default',
              label: `As for everyone: ${channelWords[mailed_as_address ? 'mail' : otherwise].toLowerCase()}`,
            },
            ...wordsOf(channelsOf(kind)),
          ],
        }))}
      />
    </Sheet>
  );
}

function Defaults() {
  const { can } = useFrame();
  const [reader, setReader] = useState<Reader>('addresses');
  const asked = useAsk(getNoticeDefaults);
  const act = useAct(setNoticeDefault);
  const choose = (kind: NoticeKind, value: string): void => {
    act.run({ body: { reader, kind, channel: channelOf(value) } }).catch(tellProblem);
  };
  const lines = (asked.data?.data ?? []).filter((line) => line.reader === reader);
  const inOrder = noticeKindNames.flatMap((kind) => lines.filter((line) => line.kind === kind));
  return (
    <Sheet title="Who has chosen nothing">
      <div className="stack">
        <Select
          label="How these are told"
          maw={360}
          data={Object.entries(readerWords).map(([value, label]) => ({ value, label }))}
          value={reader}
          allowDeselect={false}
          onChange={(next) => setReader((next ?? 'addresses') as Reader)}
        />
        <p className="measure">
          {reader === 'addresses'
            ? 'These are the addresses under General, for a mailbox that several people read.'
            : 'A role comes before everyone; what a person chose comes before both.'}
        </p>
        <Problem error={asked.error} onRetry={() => void asked.refetch()} />
        <Lines
          disabled={act.busy || !can('settings:write')}
          onChoose={choose}
          lines={inOrder.map(({ kind, channel, is_set }) => ({
            kind,
            value: is_set || reader === 'addresses' ? channel : 'default',
            options:
              reader === 'addresses'
                ? wordsOf(['mail', 'off'])
                : [
                    ...(is_set ? [{ value: 'default', label: 'As before it was set' }] : []),
                    ...(is_set ? [] : [{ value: 'default', label: `${channelWords[channel]}, not set` }]),
                    ...wordsOf(channelsOf(kind)),
                  ],
          }))}
        />
      </div>
    </Sheet>
  );
}
