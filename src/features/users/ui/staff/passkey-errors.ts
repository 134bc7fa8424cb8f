/** Why a browser or a device did not use a passkey, in words for the person who pressed the button. */
export function passkeyProblem(error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'AbortError')
    return new Error('No passkey was used: it was cancelled, or took too long. Try again.');
  if (name === 'InvalidStateError')
    return new Error('This device has a passkey of yours already. Use it as it is.');
  if (name === 'SecurityError')
    return new Error('Passkeys work at the address that this Owed is set up for, and over https.');
  return error instanceof Error ? error : new Error('The passkey could not be used. Try again.');
}
