import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

export type Slot = { kind: 'card' | 'bank_account'; url: string; origin: string };
type Said = MessageEvent<{ type?: unknown; token?: unknown; message?: unknown; px?: unknown } | null>;

const silent = 'The secure fields do not answer. Nothing was saved. Reload the page and try again.';
const patience_ms = 20_000;

/** Ask the fields for a token: only this frame, from the origin that we know, is heard. */
export const tokenFrom = (frame: HTMLIFrameElement, origin: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      window.removeEventListener('message', hear);
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new Error(silent))), patience_ms);
    const hear = ({ source, origin: from, data }: Said): void => {
      if (source !== frame.contentWindow || from !== origin || !data) return;
      const { type, token, message } = data;
      if (type === 'owed.token' && typeof token === 'string') end(() => resolve(token));
      if (type === 'owed.error')
        end(() => reject(new Error(typeof message === 'string' ? message : 'Check what was typed.')));
    };
    window.addEventListener('message', hear);
    frame.contentWindow?.postMessage({ type: 'owed.tokenize' }, origin);
  });

const titles = { card: 'Card details', bank_account: 'Bank account details' };

const withTheme = (url: string, theme: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}theme=${theme}`;

/** The gateway's own fields, on its origin: what is typed there never reaches this page. */
export function GatewayFrame({ slot, onFrame }: { slot: Slot; onFrame: (frame: HTMLIFrameElement) => void }) {
  const frame = useRef<HTMLIFrameElement>(null);
  // As it was when the frame came: a change of colours would lose what is typed.
  const [theme] = useState(useComputedColorScheme());
  useEffect(() => {
    const { current } = frame;
    if (!current) return undefined;
    onFrame(current);
    const hear = ({ source, origin, data }: Said): void => {
      if (source !== current.contentWindow || origin !== slot.origin || data?.type !== 'owed.height') return;
      if (typeof data.px === 'number' && data.px > 0)
        current.style.height = `${Math.min(Math.ceil(data.px), 900)}px`;
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, [slot.origin, onFrame]);
  return (
    <iframe
      ref={frame}
      className="gateway-frame"
      title={titles[slot.kind]}
      src={withTheme(slot.url, theme)}
      allow="payment"
    />
  );
}
