import { addressee, composeSheet, facts, figures, withDirection } from './compose-sheet.ts';
import type { AuthorizationDocument } from './document.ts';
import { plainText } from './plain-text.ts';
import { typeset } from './typeset.ts';

/** The copy of what the owner of a bank account signed, with the record that proves it. */
export function authorizationPdf(authorization: AuthorizationDocument): Promise<Buffer> {
  const { createdAt, organization, drawing } = authorization;
  return typeset('authorization', compose(authorization), {
    createdAt,
    logo: organization.logo,
    picture: drawing,
  });
}

function compose(authorization: AuthorizationDocument): Record<string, unknown> {
  const say = figures(authorization);
  return withDirection({
    ...composeSheet(authorization, 'Authorization'),
    mark: null,
    facts: facts([
      ['Date', say.date(authorization.signedOn)],
      ['Account', authorization.method],
    ]),
    party: addressee('Customer', authorization.customer),
    words: plainText(authorization.words),
    signer: plainText(authorization.signer),
    how: plainText(authorization.how),
    evidence: facts(authorization.evidence),
  });
}
