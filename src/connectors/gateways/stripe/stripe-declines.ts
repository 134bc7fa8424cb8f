import type { DeclineCode } from '#features/payments/payment-gateway.ts';

/**
 * Stripe's many words for a decline, by ours: decline codes of cards, and error codes where there is none.
 * After https://docs.stripe.com/declines/codes and https://docs.stripe.com/error-codes.
 */
export const stripeDeclines: Partial<Record<DeclineCode, string>> = {
  insufficient_funds: 'insufficient_funds',
  limit_exceeded: `card_velocity_exceeded withdrawal_count_limit_exceeded pin_try_exceeded
    card_decline_rate_limit_exceeded charge_exceeds_source_limit`,
  expired_card: 'expired_card expired_payment_method invalid_expiry_month invalid_expiry_year',
  incorrect_cvc: 'incorrect_cvc invalid_cvc',
  incorrect_details: `incorrect_number invalid_number incorrect_zip incorrect_postal_code incorrect_address
    postal_code_invalid incorrect_pin invalid_pin payment_method_billing_details_address_missing`,
  lost_or_stolen: 'lost_card stolen_card pickup_card',
  do_not_honor: `do_not_honor call_issuer no_action_taken transaction_not_allowed do_not_try_again
    invalid_account new_account_information_available not_permitted restricted_card
    revocation_of_all_authorizations revocation_of_authorization security_violation service_not_allowed
    stop_payment_order refer_to_customer payment_method_provider_decline payment_method_customer_decline
    bank_account_declined debit_not_authorized`,
  suspected_fraud: 'fraudulent merchant_blacklist request_blocked action_blocked',
  authentication_required: `authentication_required authentication_not_handled authentication_failure
    mobile_device_authentication_required payment_intent_action_required payment_intent_authentication_failure
    approve_with_id offline_pin_required online_or_offline_pin_required bank_account_unverified
    bank_account_verification_failed intent_verification_method_missing payment_method_microdeposit_failed
    three_d_secure_authentication_not_supported payment_intent_mandate_invalid billing_invalid_mandate`,
  method_not_supported: `card_not_supported currency_not_supported invalid_card_type
    payment_intent_incompatible_payment_method payment_method_currency_mismatch payment_method_unsupported_type
    payment_method_not_available token_card_network_invalid sepa_unsupported_account`,
  bad_account: `account_closed account_invalid account_number_invalid account_information_mismatch
    bank_account_bad_routing_numbers bank_account_closed bank_account_invalid_details bank_account_restricted
    bank_account_unusable no_account routing_number_invalid clearing_code_unsupported`,
  amount_refused: `amount_too_large amount_too_small invalid_amount invalid_charge_amount
    charge_exceeds_transaction_limit`,
  duplicate: 'duplicate_transaction',
  details_expired: 'token_already_used payment_intent_payment_attempt_expired',
  method_gone: 'resource_missing payment_method_restricted payment_method_bank_account_blocked',
  gateway_setup: `account_country_invalid_address api_key_expired capability_not_active livemode_mismatch
    not_allowed_on_standard_account testmode_charges_only testmode_decline storer_capability_missing
    storer_capability_not_active payment_method_unactivated payment_method_configuration_failures
    transfers_not_allowed`,
  gateway_error: `issuer_not_available processing_error reenter_transaction try_again_later lock_timeout
    rate_limit payment_intent_rate_limit_exceeded payment_method_provider_timeout payment_intent_payment_attempt_failed
    three_d_secure_authentication_upstream_error`,
  declined: 'card_declined generic_decline',
};
const ours = new Map(
  Object.entries(stripeDeclines).flatMap(([code, theirs]) =>
    theirs.split(/\s+/).map((each) => [each, code as DeclineCode] as const),
  ),
);

/** What is not about the card or account is about the request, and so about how the account is set up. */
export const declineCode = (stripe: string, isOfCard: boolean): DeclineCode =>
  ours.get(stripe) ?? (isOfCard ? 'declined' : 'gateway_setup');
