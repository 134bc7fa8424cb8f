import { Button, FileButton, Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  addFile,
  changeFile,
  getFileContent,
  listFiles,
  type OneFile,
  removeFile,
} from '#features/files/api.ts';
import { kindWords } from '#features/files/rules.ts';
import { newIdempotencyKey, readReply, urlOf } from '#ui/call.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type About = { customer_id: string } | { invoice_id: string };

const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toPrecision(2)} MB`;

async function send(about: About, file: File): Promise<void> {
  const reply = await fetch(
    urlOf(addFile, { query: { ...about, file_name: file.name, customer_sees: 'no' } }),
    {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'idempotency-key': newIdempotencyKey() },
      body: file,
    },
  );
  readReply(addFile, reply.status, await reply.text());
}

/** Files of a customer or an invoice; each says whether the customer sees it. */
export function FilesCard({ about }: { about: About }) {
  const { can } = useFrame();
  const files = useAsk(listFiles, { query: about });
  const mayChange = can('customers:write');
  const rows = files.data?.data ?? [];
  return (
    <Sheet title="Files" aside={mayChange && <AddFile about={about} />}>
      {rows.length === 0 ? (
        <p className="fine">No files yet: {kindWords}, up to 10 MB each.</p>
      ) : (
        <ul className="family">
          {rows.map((file) => (
            <OneRow key={file.id} file={file} mayChange={mayChange} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function AddFile({ about }: { about: About }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const add = async (chosen: File[]): Promise<void> => {
    setBusy(true);
    try {
      for (const file of chosen) await send(about, file);
      if (chosen.length > 0) tell(chosen.length === 1 ? 'File added' : `${chosen.length} files added`);
    } catch (error) {
      tellProblem(error);
    }
    setBusy(false);
    await client.invalidateQueries();
  };
  return (
    <FileButton multiple onChange={(chosen) => void add(chosen)}>
      {(props) => (
        <Button {...props} variant="default" size="xs" loading={busy}>
          Add file
        </Button>
      )}
    </FileButton>
  );
}

function OneRow({ file, mayChange }: { file: OneFile; mayChange: boolean }) {
  const { instant } = useFrame();
  const change = useAct(changeFile);
  const remove = useAct(removeFile);
  const params = { id: file.id };
  const [opened, door] = useDisclosure();
  const set = (body: { customer_sees: boolean } | { goes_with_mail: boolean }): void =>
    void change.run({ params, body }).catch(tellProblem);
  const take = async (): Promise<void> => {
    const gone = await remove.run({ params }).catch(() => undefined);
    if (gone) tell(`${file.file_name} removed`);
  };
  return (
    <li>
      <span className="break">
        <a href={urlOf(getFileContent, { params })} download>
          {file.file_name}
        </a>
        <span className="cell-under">
          {sizeOf(file.size_bytes)} · {instant(file.created_at)}
          {file.added_by && ` · ${file.added_by}`}
        </span>
        <Switch
          size="xs"
          mt={6}
          label="Customer sees it"
          checked={file.customer_sees}
          disabled={!mayChange || change.busy}
          onChange={(event) => set({ customer_sees: event.currentTarget.checked })}
        />
        {file.invoice_id && (
          <Switch
            size="xs"
            mt={6}
            label="Goes with its mails"
            checked={file.goes_with_mail}
            disabled={!mayChange || change.busy}
            onChange={(event) => set({ goes_with_mail: event.currentTarget.checked })}
          />
        )}
      </span>
      {mayChange && (
        <Button variant="default" size="xs" aria-label={`Remove ${file.file_name}`} onClick={door.open}>
          Remove
        </Button>
      )}
      <FormDialog
        title={`Remove ${file.file_name}`}
        opened={opened}
        onClose={door.close}
        onSubmit={take}
        submit="Remove"
        danger
        busy={remove.busy}
        error={remove.error}
      >
        <p>It is gone for good, also for the customer. That it was here stays in the timeline.</p>
      </FormDialog>
    </li>
  );
}
