// Sends <form data-inlet> without leaving the page: docs/forms.md. What a server says is shown as text, never as markup.
(() => {
  'use strict';
  /**
   * @typedef {HTMLFormElement} Form
   * @typedef {HTMLInputElement} Field
   * @typedef {{ field: string, message: string }} FieldError
   * @type {any}
   */
  const page = window;
  if (!page.fetch || !page.FormData || page.inletEmbed) return;
  page.inletEmbed = true;

  /** @type {any} */
  const unsent = {
    en: 'It could not be sent. Please try again.',
    de: 'Das Senden hat nicht geklappt. Bitte noch einmal versuchen.',
    fr: 'L’envoi a échoué. Veuillez réessayer.',
    es: 'No se ha podido enviar. Inténtelo de nuevo.',
    nl: 'Verzenden is mislukt. Probeer het opnieuw.',
    pt: 'Não foi possível enviar. Tente novamente.',
    it: 'Invio non riuscito. Riprova.',
  };
  const attribution = /^(utm_\w+|\w+clk?id|[gw]braid|li_fat_id)$/;
  /** @type {any} */
  const captchas = {
    turnstile: 'challenges.cloudflare.com/turnstile/v0/api.js',
    hcaptcha: 'js.hcaptcha.com/1/api.js',
    grecaptcha: 'www.google.com/recaptcha/api.js',
  };
  // The server takes older stamps for a program's.
  const stampLastsMs = 8e7;
  const sendWithinMs = 12e4;
  const enhanced = new WeakSet();
  /** @type {any} */
  const apis = {};
  let notesMade = 0;

  /** Not randomUUID, which pages on plain http do not have. */
  function newKey() {
    return crypto.getRandomValues(new Uint32Array(4)).join('-');
  }

  function make(tag = '', /** @type {Record<string, string>} */ attributes) {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name] ?? '');
    return element;
  }

  /** @returns {Field[]} */
  function fieldsOf(/** @type {Form} */ form) {
    return /** @type {any} */ ([...form.elements]);
  }

  function buttonsOf(/** @type {Form} */ form) {
    return fieldsOf(form).filter((field) => field.type === 'submit');
  }

  /** The provider's script, which serves all forms of a page. */
  function loadCaptcha(name = '') {
    return (apis[name] ??= new Promise((resolve) => {
      const ready = () => resolve(page[name]);
      if (page[name]) return ready();
      page[`inlet_${name}`] = ready;
      const src = `https://${captchas[name]}?render=explicit&onload=inlet_${name}`;
      document.head.append(make('script', { src, async: '' }));
    }));
  }

  /** Shows a captcha, unless the page has done so. Returns what asks for another token. */
  async function showCaptcha(/** @type {Form} */ form, /** @type {any} */ captcha) {
    const name = captcha.provider.replace(/^re/, 'gre');
    const own = form.querySelector('.cf-turnstile, .h-captcha, .g-recaptcha');
    const api = own ? null : await loadCaptcha(name);
    const box = make('div', {});
    if (api) (buttonsOf(form)[0] ?? form.lastChild)?.before(box);
    const options = { sitekey: captcha.site_key, action: captcha.action ?? undefined };
    const widget = api?.render(box, options);
    return () => page[name]?.reset(widget);
  }

  /** Errors leave out the brackets of tags[]. */
  function plain(name = '') {
    return name.replace('[]', '');
  }

  /** What stands beside the fields of a form about what is wrong with them. */
  function notesOf(/** @type {Form} */ form) {
    /** @type {Map<string, Element>} */
    const notes = new Map();

    // Radio buttons share a name.
    const named = (name = '') =>
      fieldsOf(form).filter(
        (field) => name && plain(field.name) === name && field.type !== 'hidden',
      );

    function makeNote(name = '', /** @type {Field[]} */ fields) {
      const last = fields[fields.length - 1];
      const note =
        form.querySelector(`[data-inlet-error="${CSS.escape(name)}"]`) ??
        make('span', { class: 'inlet-error' });
      note.id ||= `inlet-error-${++notesMade}`;
      note.setAttribute('aria-live', 'polite');
      if (!note.isConnected) (last?.closest('label') ?? last)?.after(note);
      for (const field of fields) {
        const described = field.getAttribute('aria-describedby') ?? '';
        field.setAttribute('aria-describedby', `${described} ${note.id}`.trim());
      }
      notes.set(name, note);
      return note;
    }

    /** Says what is wrong with a field, or nothing any more. Returns it, where there is one to be seen. */
    function mark(field = '', message = '') {
      const name = plain(field);
      const fields = named(name);
      const note = notes.get(name) ?? (fields[0] && message ? makeNote(name, fields) : null);
      if (note) note.textContent = message;
      for (const each of fields) each.setAttribute('aria-invalid', String(message !== ''));
      return fields[0];
    }

    return { mark, clear: () => [...notes.keys()].forEach((name) => mark(name)) };
  }

  function enhance(/** @type {Form} */ form) {
    const address = form.getAttribute('action');
    if (!address || enhanced.has(form)) return;
    enhanced.add(form);
    const url = new URL(address, document.baseURI);
    const language = form.closest('[lang]')?.getAttribute('lang') || navigator.language;
    let shownAt = 0;
    const checks = !form.hasAttribute('novalidate');
    // The browser's bubbles give way to notes beside the fields.
    form.setAttribute('novalidate', '');
    const notes = notesOf(form);
    const region =
      form.querySelector('[data-inlet-message]') ??
      form.appendChild(make('p', { 'data-inlet-message': '' }));
    let key = newKey();
    let stamp = '';
    let busy = false;
    /** @type {undefined | (() => void)} */
    let renewCaptcha;

    function say(text = '', role = 'status') {
      region.setAttribute('role', role);
      region.textContent = text;
    }
    say();

    /** The page may take over, with preventDefault. */
    function tell(type = '', /** @type {object} */ detail) {
      return form.dispatchEvent(new CustomEvent(type, { bubbles: true, cancelable: true, detail }));
    }

    function fail(/** @type {{ title: string, message: string, errors: FieldError[] }} */ detail) {
      if (!tell('inlet:error', detail)) return;
      const wrong = detail.errors.map((error) => notes.mark(error.field, error.message));
      // The message has the texts of all errors: what stands beside the fields is not said twice.
      say(wrong.every((field) => field) ? detail.title : detail.message, 'alert');
      wrong.find((field) => field)?.focus();
    }

    function succeed(/** @type {{ message: string, next: string }} */ answer) {
      if (!tell('inlet:success', answer)) return;
      // An input may be named reset.
      HTMLFormElement.prototype.reset.call(form);
      say(answer.message);
      configure().catch(() => {});
      const target = form.getAttribute('data-inlet-redirect');
      if (target === null) return;
      const { href, protocol } = new URL(target || answer.next, document.baseURI);
      if (/^https?:/.test(protocol)) location.assign(href);
    }

    async function send(/** @type {FormData} */ body) {
      try {
        const headers = { Accept: 'application/json', 'Idempotency-Key': key };
        const signal = AbortSignal.timeout?.(sendWithinMs) ?? null;
        const response = await fetch(url, { method: 'POST', headers, body, signal });
        return { status: response.status, answer: await response.json() };
      } catch {
        // Lost on the way, or no answer of ours.
        return { status: 0, answer: null };
      }
    }

    async function submit(/** @type {SubmitEvent} */ event) {
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (busy) return;
      notes.clear();
      say();
      const errors = fieldsOf(form)
        .filter((field) => checks && field.willValidate && !field.validity.valid)
        .map((field) => ({ field: field.name, message: field.validationMessage }));
      if (errors[0]) {
        const message = errors.map((error) => error.message).join(' ');
        return fail({ title: '', message, errors });
      }

      // A disabled button is not sent, and does not keep the focus.
      const body = new FormData(form, event.submitter);
      const focused = /** @type {HTMLElement | null} */ (document.activeElement);
      const buttons = buttonsOf(form).filter((button) => !button.disabled);
      const setBusy = (value = false) => {
        busy = value;
        form.setAttribute('aria-busy', String(value));
        for (const button of buttons) button.disabled = value;
      };
      setBusy(true);
      const { status, answer } = await send(body);
      setBusy(false);
      if (document.activeElement === document.body) focused?.focus();
      // An entry that may have been kept, or is being kept, goes out again under its key.
      if (answer && status < 500 && status !== 409) key = newKey();
      const message = unsent[language.slice(0, 2)] || unsent.en;
      if (answer?.ok === true) succeed(answer);
      else fail({ title: message, message, errors: [], ...answer });
      // A token is not asked about while a field is wrong.
      if (answer?.code === 'CAPTCHA_FAILED' || !answer?.errors?.[0]?.field) renewCaptcha?.();
    }

    /** Again after each entry, since a stamp is for one. */
    async function configure() {
      shownAt = Date.now();
      const response = await fetch(url.origin + url.pathname.replace(/\/?$/, '/config'));
      const config = await response.json();
      stamp = config.stamp;
      if (config.captcha) renewCaptcha ??= await showCaptcha(form, config.captcha);
    }

    form.addEventListener('submit', (event) => void submit(event));
    form.addEventListener('formdata', ({ formData }) => {
      const add = (name = '', /** @type {string | null | undefined} */ value) => {
        if (value && !formData.has(name)) formData.append(name, value);
      };
      for (const [name, value] of new URLSearchParams(location.search)) {
        if (attribution.test(name)) add(name, value);
      }
      add('page', location.origin + location.pathname);
      add('referrer', document.referrer);
      add('_language', language);
      if (Date.now() - shownAt < stampLastsMs) add('_stamp', stamp);
    });
    form.addEventListener('input', ({ target }) => {
      // Another entry, to which another key belongs.
      key = newKey();
      notes.mark(/** @type {Field} */ (target).name);
      say();
    });
    // It works without, too.
    configure().catch(() => {});
  }

  function enhanceAll() {
    [...document.forms].filter((form) => form.hasAttribute('data-inlet')).forEach(enhance);
  }

  function start() {
    enhanceAll();
    new MutationObserver(enhanceAll).observe(document, { childList: true, subtree: true });
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
