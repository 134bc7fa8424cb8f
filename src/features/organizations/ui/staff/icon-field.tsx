import { Button, FileButton } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { readBase64 } from '#ui/read-file.ts';

type Picture = { content_type: 'image/png' | 'image/svg+xml'; base64: string };
type Props = {
  source: string | null;
  busy: boolean;
  onChange: (icon: Picture) => void;
  onRemove: () => void;
};

const mostBytes = 128 * 1024;

/** The small picture beside the portal's name in a browser's tab. */
export function IconField({ source, busy, onChange, onRemove }: Props) {
  const [refused, setRefused] = useState<string>();
  const label = useId();
  const choose = async (file: File | null): Promise<void> => {
    if (!file) return;
    const { type } = file;
    if (type !== 'image/png' && type !== 'image/svg+xml') return setRefused('Use a PNG or SVG file.');
    if (file.size > mostBytes)
      return setRefused('This file is larger than 128 KB. An icon of 64 by 64 dots is enough.');
    setRefused(undefined);
    onChange({ content_type: type, base64: await readBase64(file) });
  };
  return (
    <div className="logo-field" role="group" aria-labelledby={label}>
      <span className="field-label" id={label}>
        Icon
      </span>
      <div className="logo-row">
        <div className="logo-preview icon-preview">
          {source ? <img src={source} alt="Your icon" /> : <IconWorld size={20} stroke={1.4} aria-hidden />}
        </div>
        <div>
          <div className="row">
            <FileButton accept="image/png,image/svg+xml" onChange={(file) => void choose(file)}>
              {(props) => (
                <Button {...props} variant="default" size="xs" loading={busy} aria-label="Choose an icon">
                  {source ? 'Replace' : 'Choose a file'}
                </Button>
              )}
            </FileButton>
            {source && (
              <Button variant="subtle" size="xs" disabled={busy} onClick={onRemove}>
                Take away
              </Button>
            )}
          </div>
          <p className="fine">Square PNG or SVG, up to 128 KB. Browsers show it in the tab of your portal.</p>
          {refused && (
            <p className="field-error" role="alert">
              {refused}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}
