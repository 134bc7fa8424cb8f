import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { listArticles } from '#features/help/api.ts';
import { Entries } from '#features/help/ui/staff/help-page.tsx';
import { createSupportRequest } from '#features/support/api.ts';
import { type Category, categoryWords, plainContext } from '#features/support/rules.ts';
import { FilesPick, filesBody } from '#features/support/ui/staff/files-pick.tsx';
import { lastSeen } from '#ui/last-seen.ts';
import { Facts, PageHead, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Values = { category: Category; subject: string; words: string };

/** A request to whoever hosts this Owed. What may answer it at once stands beside it while it is written. */
export function AskSupportPage() {
  const navigate = useNavigate();
  const create = useAct(createSupportRequest);
  const [files, setFiles] = useState<File[]>([]);
  const [seen] = useState(lastSeen);
  const form = useFields<Values>(
    { category: 'problem', subject: '', words: '' },
    {
      subject: (subject) => (subject.trim() ? null : 'Give it a subject'),
      words: (words) => (words.trim() ? null : 'Write what you want to know'),
    },
  );
  const submit = form.submit(async (values) => {
    const body = { ...values, ...seen, files: await filesBody(files) };
    const made = await create.run({ body });
    tell('Sent. The answer comes by mail, and stands here.');
    await navigate({ to: '/help/requests/$id', params: { id: made.id } });
  });
  return (
    <>
      <PageHead
        title="Ask support"
        back={{ to: '/help', label: 'Help' }}
        detail="It goes to whoever hosts this Owed."
      />
      <div className="columns">
        <Sheet>
          <form className="stack" onSubmit={submit} noValidate>
            <Select
              label="What it is about"
              allowDeselect={false}
              data={Object.entries(categoryWords.host).map(([value, label]) => ({ value, label }))}
              value={form.values.category}
              onChange={(category) => form.set('category', (category ?? 'other') as Category)}
            />
            <TextInput label="Subject" maxLength={200} {...form.text('subject')} />
            <Textarea
              label="Your question"
              description="What you did, what you expected, and what happened. No passwords or card numbers."
              autosize
              minRows={6}
              maxRows={24}
              maxLength={20_000}
              {...form.text('words')}
            />
            <FilesPick files={files} onChange={setFiles} error={form.errors.files} />
            <Problem error={create.error} />
            <div>
              <Button type="submit" loading={create.busy}>
                Send
              </Button>
            </div>
          </form>
        </Sheet>
        <div className="stack loose">
          <MayAnswer subject={form.values.subject} />
          <SentAlong seen={seen} />
        </div>
      </div>
    </>
  );
}

function MayAnswer({ subject }: { subject: string }) {
  const [q] = useDebouncedValue(subject.trim(), 300);
  const found = useAsk(listArticles, { query: { q } }, { enabled: q.length > 2, keep: true });
  const entries = q.length > 2 ? (found.data?.data.slice(0, 3) ?? []) : [];
  if (entries.length === 0) return null;
  return (
    <Sheet title="This may answer it at once">
      <Entries entries={entries} />
    </Sheet>
  );
}

function SentAlong({ seen }: { seen: ReturnType<typeof lastSeen> }) {
  const { page, error } = plainContext(seen);
  return (
    <Sheet title="Sent along">
      <Facts
        columns={1}
        facts={[
          { label: 'The page you were on', value: page ?? 'This one' },
          { label: 'The last error shown', value: error ?? 'None' },
          { label: 'Your browser and its version', value: 'As your browser names itself' },
        ]}
      />
    </Sheet>
  );
}
