// The script of the fields page. The vendor's script opens the vendor's form when the button is pressed and
// calls owedFormAnswered with what came of it; the pay page is told when it asks, and nobody else ever.
(() => {
  const { nonce } = document.currentScript;
  const { parent: parentOrigin, kind } = document.body.dataset;
  const byId = (id) => document.getElementById(id);
  const tell = (message) => {
    if (window.parent !== window) window.parent.postMessage(message, parentOrigin);
  };
  // A token ends after fifteen minutes.
  const tokenLife_ms = 14 * 60_000;
  let held;
  let timer;

  // The vendor's script writes a style element of its own; the policy of this page wants the nonce on it.
  const create = document.createElement.bind(document);
  document.createElement = (name, ...rest) => {
    const element = create(name, ...rest);
    if (String(name).toLowerCase() === 'style') element.nonce = nonce;
    return element;
  };

  function show(error) {
    byId('open').hidden = Boolean(held);
    byId('chosen').hidden = !held;
    byId('shown').textContent = held ? `${held.name} ending in ${held.message.last4}` : '';
    byId('error').hidden = !error;
    byId('error').textContent = error || '';
  }

  function hold(next) {
    held = next;
    clearTimeout(timer);
    if (held) timer = setTimeout(() => hold(undefined), tokenLife_ms);
    show('');
  }

  const brands = [
    ['amex', 'American Express', /^3[47]/],
    ['visa', 'Visa', /^4/],
    ['mastercard', 'Mastercard', /^(5[1-5]|2[2-7])/],
    ['discover', 'Discover', /^6/],
  ];

  function expiryOf(text) {
    const [, month, year] = /^(\d{2})\D?(\d{2}|\d{4})$/.exec(text || '') || [];
    return month ? { month: Number(month), year: Number(year.length === 2 ? `20${year}` : year) } : undefined;
  }

  window.owedFormAnswered = ({ messages, opaqueData, encryptedCardData: card, encryptedBankData: bank }) => {
    const isWanted = kind === 'card' ? card : bank || !card;
    if (messages.resultCode !== 'Ok' || !opaqueData || !isWanted) {
      hold(undefined);
      const [first] = messages.message || [];
      return show(
        (messages.resultCode !== 'Ok' && first?.text) || 'The details could not be used. Try again.',
      );
    }
    const [brand, name] = brands.find(([, , start]) => start.test(card?.bin || '')) || [];
    const expiry = card && expiryOf(card.expDate);
    const until = expiry ? `${expiry.year}-${String(expiry.month).padStart(2, '0')}` : '';
    const last4 = String(card?.cardNumber || bank?.accountNumber || '').slice(-4);
    const token = `${kind}:${until}:${opaqueData.dataValue}`;
    hold({
      name: name || (card ? 'Card' : 'Bank account'),
      message: { type: 'owed.token', kind, token, brand: brand || '', last4, expiry },
    });
  };

  function tokenize() {
    if (held) {
      const { message } = held;
      // A token is for one attempt.
      hold(undefined);
      return tell(message);
    }
    byId('open').click();
    const what = kind === 'card' ? 'card' : 'bank account';
    tell({ type: 'owed.error', message: `Enter your ${what} details first, then press Pay again.` });
  }

  byId('change').addEventListener('click', () => {
    hold(undefined);
    byId('open').click();
  });
  window.addEventListener('message', (event) => {
    if (event.origin !== parentOrigin || event.source !== window.parent) return;
    if (event.data?.type === 'owed.tokenize') tokenize();
  });
  new ResizeObserver(() =>
    tell({ type: 'owed.height', px: Math.ceil(document.body.getBoundingClientRect().height) }),
  ).observe(document.body);
  tell({ type: 'owed.ready' });
})();
