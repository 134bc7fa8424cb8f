import { Button, Skeleton, TextInput } from '@mantine/core';
import type { z } from 'zod';
import {
  getSendingDomain,
  removeSendingDomain,
  setSendingDomain,
  verifySendingDomain,
  type zSendingDomain,
} from '#features/sending-domains/api.ts';
import { DomainRecords } from '#features/sending-domains/ui/staff/domain-records.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

export type SendingDomain = z.output<typeof zSendingDomain>;

/** Mail from the organization's own domain: which, its records, and whether they are found. */
export function SendingDomainSettings() {
  const asked = useAsk(getSendingDomain);
  if (asked.error) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  if (!asked.data) return <Skeleton height={360} radius="lg" />;
  const { data } = asked;
  return (
    <div className="stack loose">
      <ChooseDomain key={`${data.from_local}@${data.domain}`} domain={data} />
      {data.domain && <Records domain={data} />}
    </div>
  );
}

function ChooseDomain({ domain }: { domain: SendingDomain }) {
  const { can } = useFrame();
  const act = useAct(setSendingDomain);
  const form = useFields({ domain: domain.domain ?? '', from_local: domain.from_local ?? 'billing' });
  const submit = form.submit(async (values) => {
    await act.run({ body: values });
    tell('Saved. Now put the records into your DNS.');
  });
  return (
    <Sheet title="Where your mail comes from">
      <form onSubmit={submit} className="stack" noValidate>
        <p className="measure">
          Mail comes from {domain.platform_from} until a domain of your own is verified. From your own, it is
          trusted more and lands in fewer spam folders.
        </p>
        <div className="fields two">
          <TextInput label="Domain" placeholder="example.com" autoComplete="off" {...form.text('domain')} />
          <TextInput
            label="Address before the @"
            placeholder="billing"
            autoComplete="off"
            {...form.text('from_local')}
          />
        </div>
        <Problem error={act.error} />
        {can('settings:write') ? (
          <div className="dialog-actions">
            {domain.domain && <RemoveButton />}
            <Button type="submit" loading={act.busy}>
              Save
            </Button>
          </div>
        ) : (
          <p className="fine">Your role may read these settings, not change them.</p>
        )}
      </form>
    </Sheet>
  );
}

function RemoveButton() {
  const remove = useAct(removeSendingDomain);
  const run = async (): Promise<void> => {
    await remove.run({}).then(() => tell('Mail comes from this installation again'), tellProblem);
  };
  return (
    <Button variant="default" loading={remove.busy} onClick={() => void run()}>
      Stop using it
    </Button>
  );
}

const words: Record<NonNullable<SendingDomain['state']>, { label: string; tone: Tone; ring?: boolean }> = {
  pending: { label: 'Not verified yet', tone: 'neutral', ring: true },
  verified: { label: 'Verified', tone: 'good' },
  failed: { label: 'Records missing', tone: 'bad' },
};

function Records({ domain }: { domain: SendingDomain }) {
  const { can, instant } = useFrame();
  const verify = useAct(verifySendingDomain);
  const { label, tone, ring } = words[domain.state ?? 'pending'];
  const run = async (): Promise<void> => {
    await verify
      .run({})
      .then(
        ({ state }) =>
          tell(
            state === 'verified' ? `Mail comes from ${domain.domain} now` : 'Not all records are found yet',
          ),
        tellProblem,
      );
  };
  return (
    <Sheet
      title="Records for your DNS"
      aside={
        <State tone={tone} {...(ring ? { ring } : {})}>
          {label}
        </State>
      }
    >
      <div className="stack">
        <p className="measure">
          Add these where the names of {domain.domain} are kept, at your registrar or hosting company, each
          exactly as it stands.
        </p>
        <DomainRecords records={domain.records} />
        {can('settings:write') && (
          <div className="dialog-actions">
            <span className="fine">
              {domain.checked_at ? `Last looked ${instant(domain.checked_at)}` : 'Not looked for yet'}
            </span>
            <Button loading={verify.busy} onClick={() => void run()}>
              Verify now
            </Button>
          </div>
        )}
      </div>
    </Sheet>
  );
}
