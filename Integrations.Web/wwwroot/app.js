// The few things that only the browser can do. Called through Shared/Browser.cs; the rest reacts to data attributes.
window.shell = (() => {
  const openers = new Map();
  const focusable = 'a[href], button:not([disabled]), input:not([disabled]), select, textarea, summary, [tabindex="0"]';
  const isPhone = () => matchMedia('(max-width: 767px)').matches;

  const setCookie = (name, value) => {
    const secure = location.protocol === 'https:' ? '; secure' : '';
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax${secure}`;
  };

  // The clipboard API needs https or localhost; a hub on a plain LAN address has neither.
  const copy = async text => {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return;
    }
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    (document.activeElement?.parentElement ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  };

  const openPanel = id => {
    const panel = document.getElementById(id);
    if (!panel) return;
    if (!openers.has(id)) openers.set(id, document.activeElement);
    // What is still hidden at the start of its transition cannot take the focus yet.
    const focus = frames => requestAnimationFrame(() => {
      const target = panel.querySelector('[autofocus]') ?? panel.querySelector('[data-close]') ?? panel;
      target.focus({ preventScroll: true });
      if (document.activeElement !== target && frames > 0 && openers.has(id)) focus(frames - 1);
    });
    focus(30);
  };

  const closePanel = id => {
    const opener = openers.get(id);
    openers.delete(id);
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  };

  const keepFocusInside = (panel, event) => {
    const inside = [...panel.querySelectorAll(focusable)].filter(element => element.checkVisibility({ visibilityProperty: true }));
    if (inside.length === 0) return;
    const first = inside[0], last = inside[inside.length - 1];
    if (event.shiftKey && document.activeElement === first) { last.focus(); event.preventDefault(); }
    else if (!event.shiftKey && document.activeElement === last) { first.focus(); event.preventDefault(); }
  };

  // Blazor scrolls to the top after every navigation. Where only the query changed (a drawer opens, a tab, a filter) the reader stays; another page of rows begins at its top.
  const scrollTo = window.scrollTo.bind(window);
  const place = () => location.pathname + '?' + new URLSearchParams(location.search).get('cursor');
  let shownPlace = place();
  window.scrollTo = (...to) => {
    const stays = to.length === 2 && to[0] === 0 && to[1] === 0 && place() === shownPlace;
    shownPlace = place();
    if (!stays) scrollTo(...to);
  };
  addEventListener('popstate', () => { shownPlace = place(); });

  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      const button = document.querySelector('[data-palette]');
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    const target = event.target instanceof Element ? event.target : document.body;
    // Enter in such a field is the field's own and must not submit the form around it.
    if (target.matches('[data-own-enter]') && event.key === 'Enter') event.preventDefault();
    if (target.matches('[data-palette-input]') && ['ArrowUp', 'ArrowDown', 'Enter'].includes(event.key)) event.preventDefault();

    const menu = target.closest('[data-menu][open]');
    if (menu && event.key === 'Escape') { menu.open = false; menu.querySelector('summary').focus(); return; }

    if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('.rz-dialog, dialog[open]')) {
      const panel = target.closest('[data-focus-trap]') ?? document.querySelector('.drawer[data-focus-trap]');
      panel?.querySelector('[data-close]')?.click();
    }
    const trap = target.closest('[data-focus-trap]');
    if (trap && event.key === 'Tab' && isPhone()) keepFocusInside(trap, event);
  });

  document.addEventListener('click', event => {
    for (const menu of document.querySelectorAll('[data-menu][open]')) {
      if (!menu.contains(event.target) || event.target.closest('a')) menu.open = false;
    }
    // A click on the backdrop hits the dialog itself, not its content.
    if (event.target.matches?.('dialog[data-light-dismiss]')) event.target.close();
    if (event.target.matches?.('[data-select-all]')) event.target.select();
    if (event.target.closest?.('[data-reload]')) { event.preventDefault(); location.reload(); }
    const copied = event.target.closest?.('[data-copy]');
    if (copied) { copy(copied.dataset.copy).then(() => { const status = copied.nextElementSibling; if (status) { status.textContent = 'Copied'; copied.dataset.copied = ''; setTimeout(() => { status.textContent = ''; delete copied.dataset.copied; }, 2000); } }); }
    // What has a tooltip lies above the row's own link and passes the click on.
    const row = event.target.closest?.('.row-opens');
    if (row && !event.target.closest('a, button, input, label, select') && !getSelection().toString()) row.querySelector('.row-opener')?.click();
    // With a base element a bare fragment would lead to the first page.
    const skip = event.target.closest?.('.skip-link');
    if (skip) { event.preventDefault(); document.getElementById('main')?.focus(); }
  });

  // A dialog takes the focus when it appears and gives it back when it goes.
  const watchDialogs = () => new MutationObserver(changes => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (!node.matches?.('.rz-dialog-wrapper')) continue;
        openers.set(node, document.activeElement);
        (node.querySelector(`.rz-dialog-content :is(${focusable})`) ?? node.querySelector('button'))?.focus();
      }
      for (const node of change.removedNodes) {
        if (!openers.has(node)) continue;
        const opener = openers.get(node);
        openers.delete(node);
        if (opener?.isConnected) opener.focus({ preventScroll: true });
      }
    }
  }).observe(document.body, { childList: true });

  // The sign-in page shows only when this browser's session has ended: pages that other tabs still have open go there too.
  const watchSession = interactive => {
    const session = new BroadcastChannel('session');
    if (interactive) session.onmessage = () => location.reload();
    else if (location.pathname === '/sign-in') session.postMessage('ended');
  };

  const reloadWhenBack = async () => {
    try {
      const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
      if (answer.status < 500) { location.reload(); return; }
    } catch { /* still away */ }
    setTimeout(reloadWhenBack, 3000);
  };

  document.addEventListener('DOMContentLoaded', () => {
    watchDialogs();
    // A form that came back: the first field that needs another look.
    document.querySelector('[aria-invalid="true"]')?.focus();
    const notice = document.getElementById('components-reconnect-modal');
    watchSession(notice !== null);
    if (!notice) return;
    let waiting = false;
    new MutationObserver(() => {
      const gone = notice.matches('.components-reconnect-rejected, .components-reconnect-failed');
      if (gone && !waiting) { waiting = true; reloadWhenBack(); }
    }).observe(notice, { attributes: true, attributeFilter: ['class'] });
  });

  return {
    copy, openPanel, closePanel, setCookie,
    ready: () => { document.body.dataset.ready = 'true'; },
    setTheme: theme => { document.documentElement.dataset.theme = theme; setCookie('theme', theme); },
    showModal: id => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); },
    // The call may overtake the drawing of the faults, so some frames are waited for them.
    showFault: (frames = 60) => requestAnimationFrame(() => {
      const forms = document.querySelectorAll('.rz-dialog form'), form = forms[forms.length - 1] ?? document;
      const fault = form.querySelector('.notice.tone-danger, .field-invalid');
      if (!fault) { if (frames > 0) shell.showFault(frames - 1); return; }
      fault.scrollIntoView({ block: 'center' });
      fault.querySelector('[aria-invalid="true"], input, select, textarea')?.focus({ preventScroll: true });
    }),
    closeModal: id => document.getElementById(id)?.close(),
  };
})();
