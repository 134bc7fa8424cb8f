import { fixed, join, text, type Words } from '#features/audit-log/event-phrase-rules.ts';

/** What happened to how somebody signs in. */
export const accessWords: Record<string, Words> = {
  'user.password_changed': fixed('Password changed'),
  'user.email_changed': {
    say: (data) => join('Signs in with another address', text(data.email) && `· ${text(data.email)}`),
  },
  'user.email_restored': {
    say: (data) => join('Change of address taken back', text(data.email) && `· ${text(data.email)}`),
    tone: 'bad',
  },
  'user.authenticator_set_up': fixed('Authenticator app set up', 'good'),
  'user.authenticator_turned_off': fixed('Authenticator app turned off', 'bad'),
  'user.recovery_code_used': fixed('Signed in with a recovery code'),
  'user.recovery_codes_renewed': fixed('New recovery codes made'),
  'user.second_factor_reset': {
    say: (data) => join('Second factor reset', text(data.email) && `· ${text(data.email)}`),
    tone: 'bad',
  },
  'user.passkey_added': {
    say: (data) => join('Passkey added', text(data.name) && `· ${text(data.name)}`),
    tone: 'good',
  },
  'user.passkey_removed': {
    say: (data) => join('Passkey removed', text(data.name) && `· ${text(data.name)}`),
    tone: 'bad',
  },
  'organization.sign_in_policy_changed': fixed('How people sign in was changed'),
};
