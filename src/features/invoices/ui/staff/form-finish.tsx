import { Button } from '@mantine/core';
import { ButtonLink } from '#ui/button-link.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  total: bigint;
  currency: string;
  busy: boolean;
  /** What the form does when it is sent. */
  submit: string;
  onDraft?: () => void;
  back: string;
  wrong: string | undefined;
};

export function FormFinish({ total, currency, busy, submit, onDraft, back, wrong }: Props) {
  const { money } = useFrame();
  return (
    <div className="finish">
      <div className="finish-total" aria-live="polite">
        <span className="fine">Total</span>
        <span className="num">{money(total, currency)}</span>
      </div>
      {wrong && (
        <p className="field-error" role="alert">
          {wrong}
        </p>
      )}
      <div className="row">
        <ButtonLink to={back} variant="subtle" color="ink">
          Cancel
        </ButtonLink>
        {onDraft && (
          <Button variant="default" disabled={busy} onClick={() => onDraft()}>
            Save draft
          </Button>
        )}
        <Button type="submit" loading={busy}>
          {submit}
        </Button>
      </div>
    </div>
  );
}
