import { Button, FileButton } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { readBase64 } from '#ui/read-file.ts';

export type Logo = { content_type: 'image/png' | 'image/jpeg' | 'image/svg+xml'; base64: string };

const accepted = ['image/png', 'image/jpeg', 'image/svg+xml'] as const;
const mostBytes = 2 * 1024 * 1024;

const isAccepted = (type: string): type is Logo['content_type'] => accepted.some((one) => one === type);
export const logoSource = (logo: Logo): string => `data:${logo.content_type};base64,${logo.base64}`;

async function readLogo(file: File): Promise<Logo | string> {
  if (!isAccepted(file.type)) return 'Use a PNG, JPEG or SVG file.';
  if (file.size > mostBytes) return 'This file is larger than 2 MB. Save it smaller and try again.';
  return { content_type: file.type, base64: await readBase64(file) };
}

type Props = {
  source: string | null;
  onChange: (logo: Logo) => void;
  error?: string | undefined;
  busy?: boolean;
};

export function LogoField({ source, onChange, error, busy = false }: Props) {
  const [refused, setRefused] = useState<string>();
  const label = useId();
  const choose = async (file: File | null): Promise<void> => {
    if (!file) return;
    const read = await readLogo(file);
    setRefused(typeof read === 'string' ? read : undefined);
    if (typeof read !== 'string') onChange(read);
  };
  const complaint = refused ?? error;
  return (
    <div className="logo-field" role="group" aria-labelledby={label}>
      <span className="field-label" id={label}>
        Logo
      </span>
      <div className="logo-row">
        <div className="logo-preview">
          {source ? <img src={source} alt="Your logo" /> : <IconPhoto size={22} stroke={1.4} aria-hidden />}
        </div>
        <div>
          <FileButton accept={accepted.join(',')} onChange={(file) => void choose(file)}>
            {(props) => (
              <Button {...props} variant="default" size="xs" loading={busy}>
                {source ? 'Replace' : 'Choose a file'}
              </Button>
            )}
          </FileButton>
          <p className="fine">PNG, JPEG or SVG, up to 2 MB. It stands on invoices, mails and the portal.</p>
          {complaint && (
            <p className="field-error" role="alert">
              {complaint}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}
