// The script of the hosted fields. It runs in the gateway's origin inside the organization's page, and
// answers that page alone: every message goes to the one parent origin the frame was opened for.
(() => {
  const form = document.querySelector('form');
  const { parent: parentOrigin, kind, key } = form.dataset;
  const fields = [...form.querySelectorAll('input, select')];
  const digitsOf = (text) => text.replace(/\D/g, '');
  const tell = (message) => {
    if (window.parent !== window) window.parent.postMessage(message, parentOrigin);
  };
  let busy = false;

  function show(name, message) {
    const field = form.elements[name];
    const line = document.getElementById(`${name}-error`);
    if (!field || !line) return;
    if (line.textContent !== message) line.textContent = message;
    line.hidden = message === '';
    if (message === '') field.removeAttribute('aria-invalid');
    else field.setAttribute('aria-invalid', 'true');
  }

  function fail(message, field) {
    if (field && form.elements[field]) {
      show(field, message);
      form.elements[field].focus();
    }
    tell({ type: 'owed.error', message, field });
  }

  async function tokenize() {
    if (busy) return;
    busy = true;
    for (const field of fields) show(field.name, '');
    const body = { type: kind };
    for (const field of fields) body[field.name] = field.value;
    try {
      const response = await fetch('../v1/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
      const answer = await response.json();
      if (!response.ok) return fail(answer.error.message, answer.error.field);
      const { token, brand, last4, funding, expiry } = answer;
      tell({ type: 'owed.token', kind, token, brand, last4, funding, expiry });
    } catch {
      fail('The details could not be checked. Look at your connection and try again.');
    } finally {
      busy = false;
    }
  }

  // A caret in the middle stays behind the digit it was behind; only the spaces around it move.
  function reformat(field, format) {
    const before = digitsOf(field.value.slice(0, field.selectionStart)).length;
    const text = format(digitsOf(field.value), field.value);
    if (text === field.value) return;
    const atEnd = field.selectionStart === field.value.length;
    field.value = text;
    let caret = 0;
    for (let seen = 0; seen < before && caret < text.length; caret += 1)
      if (/\d/.test(text[caret])) seen += 1;
    if (atEnd) caret = text.length;
    field.setSelectionRange(caret, caret);
  }

  const brands = [
    ['amex', /^3[47]/],
    ['visa', /^4/],
    ['mastercard', /^(5[1-5]|2[2-7])/],
    ['discover', /^6(011|4|5)/],
  ];
  const brandOf = (digits) => brands.find(([, start]) => start.test(digits))?.[0] ?? '';
  const groupNumber = (digits) =>
    brandOf(digits) === 'amex'
      ? [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10, 15)].filter(Boolean).join(' ')
      : (digits.slice(0, 19).match(/.{1,4}/g) ?? []).join(' ');

  function formatExpiry(digits, typed) {
    // "1/" means January; a first digit above 1 can only be a month by itself.
    const month = /^\d\s*\//.test(typed) || /^[2-9]/.test(digits) ? `0${digits}` : digits;
    const full = /^\d{2}20\d{2}$/.test(month) ? month.slice(0, 2) + month.slice(4) : month.slice(0, 4);
    if (full.length > 2) return `${full.slice(0, 2)} / ${full.slice(2)}`;
    return full.length === 2 && /\/\s*$/.test(typed) ? `${full} / ` : full;
  }

  const formats = {
    number: (field) => {
      reformat(field, groupNumber);
      const brand = brandOf(digitsOf(field.value));
      document.getElementById('brand').dataset.brand = brand;
      form.elements.cvc.maxLength = brand === 'amex' ? 4 : 3;
    },
    expiry: (field) => reformat(field, formatExpiry),
    cvc: (field) => reformat(field, (digits) => digits),
    routing_number: (field) => reformat(field, (digits) => digits.slice(0, 9)),
    account_number: (field) => reformat(field, (digits) => digits.slice(0, 17)),
  };

  form.addEventListener('input', ({ target }) => {
    show(target.name, '');
    formats[target.name]?.(target);
  });
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
  tell({ type: 'owed.ready' });
})();
