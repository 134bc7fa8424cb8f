import type { ButtonProps } from '@mantine/core';
import { Button, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard is closed to pages without https: the old way still works there.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

type Props = ButtonProps & { text: string; children: ReactNode };

export function CopyButton({ text, children, ...rest }: Props) {
  const [done, setDone] = useState(false);
  const run = async (): Promise<void> => {
    setDone(await copy(text));
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <Button
      variant="default"
      {...rest}
      onClick={() => void run()}
      leftSection={done ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
    >
      <span aria-live="polite">{done ? 'Copied' : children}</span>
    </Button>
  );
}

/** An address to hand over: shown whole, and copied by a button. What was pressed for it is gone by now. */
export function LinkToCopy({ url }: { url: string }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <>
      <TextInput
        ref={field}
        label="Link"
        readOnly
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div>
        <CopyButton text={url}>Copy link</CopyButton>
      </div>
    </>
  );
}
