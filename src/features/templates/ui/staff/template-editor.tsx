import { Button, Textarea, TextInput } from '@mantine/core';
import { useRef } from 'react';
import { resetTemplate, setTemplate, testTemplate } from '#features/templates/api.ts';
import { FieldMenu, type MergeField } from '#features/templates/ui/staff/field-menu.tsx';
import { type PreviewOf, TemplatePreview } from '#features/templates/ui/staff/template-preview.tsx';
import type { MessageTemplate } from '#features/templates/ui/staff/template-settings.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Typing = HTMLInputElement | HTMLTextAreaElement;
type Props = { template: MessageTemplate; fields: readonly MergeField[] };

/** Subject and words of one message in one channel. */
export function TemplateEditor({ template, fields }: Props) {
  const { can } = useFrame();
  const { type, channel, is_own: isOwn } = template;
  const form = useFields({ subject: template.subject, body: template.body });
  const save = useAct(setTemplate);
  const insert = useInsert(form);
  const about = useRef<PreviewOf>({});
  const submit = form.submit(async (values) => {
    await save.run({ body: { type, channel, ...values } });
    tell('Saved: messages say this from now on');
  });
  const mayWrite = can('settings:write');
  return (
    <>
      <Sheet
        title={isOwn ? 'Your words' : 'Our words'}
        aside={mayWrite && <FieldMenu fields={fields} onChoose={insert.put} />}
      >
        <form onSubmit={submit} className="stack" noValidate>
          {channel !== 'sms' && (
            <TextInput
              label="Subject"
              readOnly={!mayWrite}
              {...insert.of('subject')}
              {...form.text('subject')}
            />
          )}
          <Textarea
            label={channel === 'sms' ? 'Text' : 'Message'}
            description={
              channel === 'email' ? 'Amount, button and the invoice’s facts follow by themselves.' : undefined
            }
            autosize
            minRows={channel === 'sms' ? 3 : 7}
            maxRows={18}
            readOnly={!mayWrite}
            {...insert.of('body')}
            {...form.text('body')}
          />
          <Problem error={save.error} />
          {mayWrite && (
            <div className="dialog-actions">
              <TestButton template={template} words={form.values} about={about.current} />
              {isOwn && <ResetButton template={template} onReset={form.setAll} />}
              <Button type="submit" loading={save.busy}>
                Save
              </Button>
            </div>
          )}
        </form>
      </Sheet>
      <TemplatePreview template={template} words={form.values} onAbout={(next) => (about.current = next)} />
    </>
  );
}

/** A field goes where the cursor was, in the subject or in the words. */
function useInsert(form: ReturnType<typeof useFields<{ subject: string; body: string }>>) {
  const last = useRef<{ name: 'subject' | 'body'; input: Typing | null }>({ name: 'body', input: null });
  return {
    of: (name: 'subject' | 'body') => ({
      onFocus: (event: { currentTarget: Typing }) => {
        last.current = { name, input: event.currentTarget };
      },
    }),
    put: (field: string) => {
      const { name, input } = last.current;
      const before = form.values[name];
      const [from, to] = input
        ? [input.selectionStart ?? before.length, input.selectionEnd ?? before.length]
        : [before.length, before.length];
      const tag = `{{${field}}}`;
      form.set(name, `${before.slice(0, from)}${tag}${before.slice(to)}`);
      requestAnimationFrame(() => {
        input?.focus();
        input?.setSelectionRange(from + tag.length, from + tag.length);
      });
    },
  };
}

type Words = { subject: string; body: string };

function TestButton({
  template,
  words,
  about,
}: {
  template: MessageTemplate;
  words: Words;
  about: PreviewOf;
}) {
  const test = useAct(testTemplate, { readAgain: false });
  const { type, channel } = template;
  const run = async (): Promise<void> => {
    await test
      .run({ body: { type, channel, ...words, ...about } })
      .then(({ to }) => tell(`A test is on its way to ${to}`), tellProblem);
  };
  return (
    <Button variant="default" loading={test.busy} onClick={() => void run()}>
      Send me a test
    </Button>
  );
}

function ResetButton({ template, onReset }: { template: MessageTemplate; onReset: (words: Words) => void }) {
  const reset = useAct(resetTemplate);
  const { type, channel } = template;
  const run = async (): Promise<void> => {
    await reset.run({ body: { type, channel } }).then(({ subject, body }) => {
      onReset({ subject, body });
      tell('Back to our words');
    }, tellProblem);
  };
  return (
    <Button variant="default" loading={reset.busy} onClick={() => void run()}>
      Back to our words
    </Button>
  );
}
