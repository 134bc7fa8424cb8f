/** Kind of the agreement that every portal user accepts. */
export const portalAgreement = 'portal_user';

/**
 * The versions that come with Owed, oldest first. A version is never edited once released: whoever accepted
 * it accepted these words. Another text is another version, and everyone is asked again.
 */
export const agreementVersions: readonly { version: number; effectiveAt: string; text: string }[] = [
  {
    version: 1,
    effectiveAt: '2026-01-01T00:00:00Z',
    text: `## 1. What this portal is

This portal shows you the invoices that a business has issued to you, or to the company you act for, and
lets you pay them. The business named at the top of each page is the one you owe; it decides what is
invoiced, and questions about an invoice go to it. Whoever runs this portal carries out what you and the
business ask for here and is no party to your purchase.

## 2. Your login

Your login is for you. Choose a password that you use nowhere else, keep it to yourself, and change it when
someone else may know it. You act for every customer profile that you link to your login; link only those
you are entitled to act for. If you act for a company, you confirm that it allows you to see its invoices
and to pay them.

## 3. Paying

A payment is made when you press the button that names its amount. Cards are charged at once. A debit from a
bank account takes some business days and is shown as processing until the bank has settled it; the bank may
still return it afterwards. If your card or bank refuses a payment, the invoice stays open. Whether a
payment may be taken back is a matter between you and the business, and of the rules of your card or bank.

## 4. Bank accounts and saved methods

Before a bank account is debited you are asked for your permission, in words that name the business, the
amount and the day. These words are kept together with the time and the place from which you gave it. Card
and bank numbers are entered with the payment provider and stored there, never here; we keep only what is
needed to recognise them. You may remove a saved method whenever no payment with it is under way.

## 5. Messages by e-mail

Invoices, receipts and notices about your login come by e-mail to the address you confirmed, and are as good
as paper. Tell the business when that address changes.

## 6. Your data

The business sees the profile you keep here, what you pay and when you last signed in. It never sees your
password or the other businesses whose profiles you link. Records of payments are kept for as long as the
law asks for them.

## 7. What we promise, and what we cannot

We work to keep the portal correct, safe and open, but it may be out of service at times, and you can always
pay the business in another way. Nothing here takes away rights that the law gives you and that cannot be
signed away.

## 8. Changes and the end

When these terms change, you see the new version at your next sign-in and decide whether to accept it. You
may stop using the portal at any time. The business may end your access to its profile; what you owe, and
what you have paid, stays as it is.`,
  },
];
