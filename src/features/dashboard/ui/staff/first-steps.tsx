import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { z } from 'zod';
import { type getFirstSteps, skipStep } from '#features/dashboard/api.ts';
import type { FirstStep } from '#features/dashboard/rules.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Reply = z.output<typeof getFirstSteps.reply>;
type Words = { title: string; why: string; to: string; search?: Record<string, string>; action: string };
const settings = (section?: string) => ({ to: '/settings', ...(section ? { search: { section } } : {}) });

const words: Record<FirstStep, Words> = {
  profile: {
    title: 'Say who you are',
    why: 'Address and e-mail stand on every invoice.',
    ...settings(),
    action: 'Business profile',
  },
  logo: {
    title: 'Make it yours',
    why: 'Your logo and colour stand on every invoice, mail and portal page.',
    ...settings('branding'),
    action: 'Set branding',
  },
  sender: {
    title: 'Choose where answers go',
    why: 'Mail comes from your own domain, or names an address of yours for replies.',
    ...settings('sending-domain'),
    action: 'Set sender',
  },
  gateway: {
    title: 'Connect a gateway',
    why: 'It takes cards and bank accounts for you.',
    ...settings('gateways'),
    action: 'Connect',
  },
  customer_defaults: {
    title: 'Set what new customers start with',
    why: 'Ways to pay, messages and late fees: set once, before they come in.',
    ...settings('portal'),
    action: 'Customer defaults',
  },
  invoice_defaults: {
    title: 'Set what invoices start with',
    why: 'Numbers, terms and the words of the mail.',
    ...settings('invoices'),
    action: 'Invoice defaults',
  },
  customers: {
    title: 'Bring your customers in',
    why: 'A CSV file from any system will do; you see what happens before it does.',
    to: '/imports/new',
    search: { kind: 'customers' },
    action: 'Import customers',
  },
  reminders: {
    title: 'Read your reminders',
    why: 'See each as your customers will, and save the ladder as you want it.',
    ...settings('reminders'),
    action: 'See reminders',
  },
  test_invoice: {
    title: 'Send yourself an invoice',
    why: 'Add yourself as a customer, with the address that you sign in with, and press Pay in the mail.',
    to: '/invoices/new',
    action: 'New invoice',
  },
  go_live: {
    title: 'Go live',
    why: 'Nothing goes out by itself before you say so.',
    ...settings('messenger'),
    action: 'Go live',
  },
};

/** The way from an empty desk to a working one: each is ticked by what the books say, or may be left out. */
export function FirstSteps({ reply }: { reply: Reply }) {
  const { can } = useFrame();
  const skip = useAct(skipStep);
  const steps = reply.steps.filter(({ skipped, done }) => done || !skipped);
  const open = steps.filter(({ done }) => !done);
  if (reply.dismissed || open.length === 0) return null;
  const leaveOut = (step: FirstStep | 'all') =>
    void skip.run({ body: { step, skipped: true } }).catch(tellProblem);
  return (
    <Sheet
      title="First steps"
      className="no-print"
      aside={
        <span className="row">
          <span className="num">
            {steps.length - open.length} of {steps.length} done
          </span>
          {can('settings:write') && (
            <Button size="xs" variant="subtle" onClick={() => leaveOut('all')}>
              Hide this list
            </Button>
          )}
        </span>
      }
    >
      <ol className="steps">
        {steps.map(({ key, done }) => (
          <Step
            key={key}
            step={words[key]}
            done={done}
            next={key === open[0]?.key}
            onSkip={can('settings:write') ? () => leaveOut(key) : undefined}
          />
        ))}
      </ol>
    </Sheet>
  );
}

type StepProps = { step: Words; done: boolean; next: boolean; onSkip: (() => void) | undefined };

function Step({ step, done, next, onSkip }: StepProps) {
  return (
    <li data-done={done}>
      <span className="step-mark" aria-hidden>
        {done && <IconCheck size={14} stroke={2.4} />}
      </span>
      <div>
        <p className="strong">
          {step.title}
          {done && <span className="hidden"> (done)</span>}
        </p>
        {next && <p className="fine">{step.why}</p>}
      </div>
      {!done && onSkip && (
        <Button size="xs" variant="subtle" aria-label={`Leave out: ${step.title}`} onClick={onSkip}>
          Leave out
        </Button>
      )}
      {!done && (
        <ButtonLink
          to={step.to}
          {...(step.search ? { search: step.search } : {})}
          size="xs"
          variant={next ? 'filled' : 'default'}
        >
          {step.action}
        </ButtonLink>
      )}
    </li>
  );
}
