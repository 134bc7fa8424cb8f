import { Button, Modal, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { zProfile } from '#features/users/profile/api.ts';
import { renewRecoveryCodes, turnOffAuthenticator } from '#features/users/second-factor/api.ts';
import { RecoveryCodeList } from '#features/users/ui/staff/recovery-code-list.tsx';
import { SetUpApp } from '#features/users/ui/staff/set-up-app.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { tell } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';
import { useFocusBack } from '#ui/use-focus-back.ts';

type Profile = z.output<typeof zProfile>;
type Doing = 'set-up' | 'codes' | 'off';

/** The authenticator app of whoever is signed in, and its recovery codes. */
export function OwnSecondFactor({ profile }: { profile: Profile }) {
  const { instant } = useFrame();
  const [doing, setDoing] = useState<Doing>();
  const client = useQueryClient();
  const close = (): void => {
    setDoing(undefined);
    void client.invalidateQueries();
  };
  const { is_on: isOn, since, recovery_codes_left: left } = profile.authenticator;
  const asking = profile.second_factor_asked_by;
  return (
    <Sheet
      title="Authenticator app"
      aside={isOn ? <State tone="good">On</State> : <State tone="faint">Off</State>}
    >
      <div className="stack">
        <p className="measure">
          {isOn && since
            ? `On since ${instant(since)}. After your password you are asked for the code that the app shows.`
            : 'A code from your phone beside the password: whoever learns the password alone stays outside.'}
          {asking.length > 0 && ` ${asking.join(' and ')} ${asking.length > 1 ? 'ask' : 'asks'} for it.`}
        </p>
        {isOn && (
          <p className={left < 3 ? 'note' : 'measure'} data-tone={left < 3 ? 'warn' : undefined}>
            {left} of 10 recovery codes are left.
          </p>
        )}
        <div className="row">
          <Button variant={isOn ? 'default' : 'filled'} onClick={() => setDoing('set-up')}>
            {isOn ? 'Move to another phone' : 'Set up an authenticator app'}
          </Button>
          {isOn && (
            <>
              <Button variant="default" onClick={() => setDoing('codes')}>
                New recovery codes
              </Button>
              <Button variant="subtle" color="brick" onClick={() => setDoing('off')}>
                Turn off
              </Button>
            </>
          )}
        </div>
      </div>
      {doing === 'set-up' && <SetUpDialog onClose={close} />}
      {doing === 'codes' && <NewCodes onClose={close} />}
      {doing === 'off' && <TurnOff onClose={close} />}
    </Sheet>
  );
}

function SetUpDialog({ onClose }: { onClose: () => void }) {
  useFocusBack(true);
  return (
    <Modal
      opened
      onClose={onClose}
      title="Set up an authenticator app"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <SetUpApp
        onDone={() => {
          onClose();
          tell('Your sign-in asks for a code from now on');
        }}
      />
    </Modal>
  );
}

const proof = { password: filled('Enter your password') };

function NewCodes({ onClose }: { onClose: () => void }) {
  const renew = useAct(renewRecoveryCodes, { readAgain: false });
  const [codes, setCodes] = useState<readonly string[]>();
  const form = useFields({ password: '' }, proof);
  const submit = form.submit(async (body) => setCodes((await renew.run({ body })).codes));
  useFocusBack(true);
  if (codes)
    return (
      <Modal
        opened
        onClose={onClose}
        title="Your new recovery codes"
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <RecoveryCodeList codes={codes} onDone={onClose} />
      </Modal>
    );
  return (
    <FormDialog
      title="New recovery codes"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Make new codes"
      busy={renew.busy}
      error={form.errors.password ? null : renew.error}
    >
      <p>The codes you have now stop working.</p>
      <PasswordInput
        label="Your password"
        required
        data-autofocus
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        {...form.text('password')}
      />
    </FormDialog>
  );
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const off = useAct(turnOffAuthenticator);
  const form = useFields({ password: '' }, proof);
  const submit = form.submit(async (body) => {
    await off.run({ body });
    onClose();
    tell('The authenticator app is turned off');
  });
  return (
    <FormDialog
      title="Turn the authenticator app off?"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Turn off"
      danger
      busy={off.busy}
      error={form.errors.password ? null : off.error}
    >
      <p>The password alone signs you in then, and your recovery codes stop working.</p>
      <PasswordInput
        label="Your password"
        required
        data-autofocus
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        {...form.text('password')}
      />
    </FormDialog>
  );
}
