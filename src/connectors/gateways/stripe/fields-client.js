// The script of the fields page. Stripe's element lives in frames of Stripe's; this only asks it for a token
// and hands that to the pay page, which is the one parent it answers to.
(() => {
  const form = document.querySelector('form');
  const { parent: parentOrigin, kind, key } = form.dataset;
  const problem = document.getElementById('problem');
  const dark = new URLSearchParams(location.search).get('theme') === 'dark';
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  const tell = (message) => {
    if (window.parent !== window) window.parent.postMessage(message, parentOrigin);
  };
  const away =
    'The secure fields of Stripe could not be loaded. Look at your connection and reload the page.';
  let broken;
  let busy = false;
  let parts;

  function fail(message) {
    tell({ type: 'owed.error', message });
  }

  function breakDown(message) {
    broken = message;
    problem.textContent = message;
    problem.hidden = false;
  }

  function mount() {
    const stripe = window.Stripe(key);
    const elements = stripe.elements({
      // No amount is shown: it only decides which ways to pay are offered, and here there is one.
      mode: 'payment',
      amount: 1000,
      currency: 'usd',
      allowedPaymentMethodTypes: [kind === 'card' ? 'card' : 'us_bank_account'],
      appearance: { theme: dark ? 'night' : 'stripe', variables: { fontSizeBase: '16px' } },
    });
    const element = elements.create('payment', {
      layout: { type: 'tabs', defaultCollapsed: false },
      terms: { card: 'never' },
      wallets: { applePay: 'never', googlePay: 'never', link: 'never' },
    });
    element.on('ready', () => tell({ type: 'owed.ready' }));
    element.on('loaderror', ({ error }) => breakDown(error?.message || away));
    element.mount('#fields');
    return { stripe, elements };
  }

  async function tokenize() {
    if (busy) return;
    if (broken) return fail(broken);
    busy = true;
    try {
      const { stripe, elements } = parts;
      const checked = await elements.submit();
      if (checked.error) return fail(checked.error.message);
      // Nobody is sent there: a payment that needs a further step fails instead. Stripe wants to know all the
      // same.
      const params = { return_url: parentOrigin };
      const { error, confirmationToken } = await stripe.createConfirmationToken({ elements, params });
      if (error) return fail(error.message);
      tell({ type: 'owed.token', kind, token: confirmationToken.id, ...shown(confirmationToken) });
    } catch {
      fail('The details could not be checked. Look at your connection and try again.');
    } finally {
      busy = false;
    }
  }

  function shown({ payment_method_preview: method }) {
    const { card, us_bank_account: account } = method;
    if (account) return { brand: account.bank_name, last4: account.last4 };
    const expiry = { year: card.exp_year, month: card.exp_month };
    return { brand: card.brand, last4: card.last4, funding: card.funding, expiry };
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    tell({ type: 'owed.submit' });
  });
  window.addEventListener('message', (event) => {
    if (event.origin !== parentOrigin || event.source !== window.parent) return;
    if (event.data?.type === 'owed.tokenize') void tokenize();
  });
  new ResizeObserver(() =>
    tell({ type: 'owed.height', px: Math.ceil(form.getBoundingClientRect().height) }),
  ).observe(form);
  if (!window.Stripe) breakDown(away);
  else
    try {
      parts = mount();
    } catch (error) {
      breakDown(error.message);
    }
})();
