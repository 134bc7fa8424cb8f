import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { addressRoutes } from '#features/portal-access/address-routes.ts';
import { assetRoutes } from '#features/portal-access/asset-routes.ts';
import { autopayPageRoutes } from '#features/portal-access/autopay-routes.ts';
import type { PayDeps } from '#features/portal-access/checkout-routes.ts';
import { disputeRoutes } from '#features/portal-access/dispute-routes.ts';
import { estimatePageRoutes } from '#features/portal-access/estimate-routes.ts';
import { invoicePageRoutes } from '#features/portal-access/invoice-routes.ts';
import { renewRoute } from '#features/portal-access/link-problem-routes.ts';
import { linkRoutes } from '#features/portal-access/link-routes.ts';
import { loginEmailRoutes } from '#features/portal-access/login-email-routes.ts';
import { methodLinkRoutes } from '#features/portal-access/method-link-routes.ts';
import { methodRoutes } from '#features/portal-access/method-routes.ts';
import { passwordRoutes } from '#features/portal-access/password-routes.ts';
import { payRoutes } from '#features/portal-access/pay-routes.ts';
import { paymentLinkRoutes } from '#features/portal-access/payment-link-routes.ts';
import { paymentPageRoutes } from '#features/portal-access/payment-routes.ts';
import { planChangeRoutes } from '#features/portal-access/plan-change-routes.ts';
import { planRoutes } from '#features/portal-access/plan-routes.ts';
import { portalPeopleRoutes } from '#features/portal-access/portal-people-routes.ts';
import { profileRoutes } from '#features/portal-access/profile-routes.ts';
import { scheduleRoutes } from '#features/portal-access/schedule-routes.ts';
import { signInRoutes } from '#features/portal-access/sign-in-routes.ts';
import { signUpRoutes } from '#features/portal-access/sign-up-routes.ts';
import { invitationRoutes } from '#features/portal-access/staff-routes.ts';
import { statementRoutes } from '#features/portal-access/statement-routes.ts';
import { stepRoutes } from '#features/portal-access/step-routes.ts';
import { termsPageRoutes } from '#features/portal-access/terms-routes.ts';
import { troubleRoutes } from '#features/portal-access/trouble-routes.ts';
import type { App } from '#http/app.ts';

export type PortalDeps = {
  gateways: Gateways;
  mail: Outbox;
  /** How long a page waits for the worker's answer to a payment before it says "one moment". */
  wait_ms?: number;
};

/** Every page of the portal, the links in invoice mails, and the invitations that staff sends. */
export function portalRoutes(app: App, deps: PortalDeps): void {
  const paying: PayDeps = { gateways: deps.gateways, wait_ms: deps.wait_ms ?? 8000 };
  invitationRoutes(app);
  portalPeopleRoutes(app, deps.mail);
  assetRoutes(app);
  signUpRoutes(app);
  stepRoutes(app, deps.mail);
  signInRoutes(app);
  troubleRoutes(app);
  passwordRoutes(app);
  loginEmailRoutes(app, deps.mail);
  renewRoute(app, deps.mail);
  invoicePageRoutes(app);
  disputeRoutes(app);
  payRoutes(app, paying);
  termsPageRoutes(app);
  paymentPageRoutes(app);
  methodRoutes(app, deps);
  scheduleRoutes(app);
  autopayPageRoutes(app);
  methodLinkRoutes(app, deps);
  planRoutes(app);
  planChangeRoutes(app);
  profileRoutes(app);
  linkRoutes(app, paying);
  statementRoutes(app, paying);
  paymentLinkRoutes(app, paying);
  estimatePageRoutes(app);
  addressRoutes(app);
}
