// Live updates and keys of the status page. Everything else works without it.
'use strict';
(() => {
  const me = document.currentScript, $ = id => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)], favicon = document.querySelector('link[rel=icon]');
  const policy = window.trustedTypes ? trustedTypes.createPolicy('sligo', {createHTML: s => s}) : {createHTML: s => s};
  // silence is the time after which the figures are not live.
  const silence = 45000;
  let stream, heard, again, silent;

  // fragment parses HTML that the server has rendered and escaped.
  function fragment(html) {
    const t = document.createElement('template');
    t.innerHTML = policy.createHTML(html);
    return t.content;
  }

  // replace swaps an element and keeps the focus and open details.
  function replace({id, html}) {
    const old = $(id);
    if (!old) return;
    const fresh = fragment(html).firstElementChild;
    if (!fresh || fresh.isEqualNode(old)) return;
    const open = all('details', old).map(d => d.open);
    all('details', fresh).forEach((d, i) => { d.open = open[i]; });
    const focusable = 'a[href],summary,[tabindex]';
    const at = [old, ...all(focusable, old)].indexOf(document.activeElement);
    old.replaceWith(fresh);
    if (at >= 0) [fresh, ...all(focusable, fresh)][at]?.focus({preventScroll: true});
    if (fresh.dataset.group !== undefined) sort(fresh);
  }

  // sort moves a tile into its group, at its rank.
  function sort(tile) {
    const group = all('section.group').find(g => g.dataset.group === tile.dataset.group);
    if (!group) return;
    const rank = t => Number(t.dataset.rank);
    const next = all('.tile', group).find(t => t !== tile && rank(t) > rank(tile));
    const from = tile.parentElement, focus = tile.contains(document.activeElement) && document.activeElement;
    if (from !== group || tile.nextElementSibling !== (next || null)) {
      group.insertBefore(tile, next || null);
      if (focus) focus.focus({preventScroll: true});
    }
    for (const g of [from, group]) g.hidden = !g.querySelector('.tile');
  }

  function say({text, alert}) { $(alert ? 'alert' : 'say').textContent = text; }

  // lost shows that the figures are old. Words and shapes of the states stay.
  function lost() {
    const root = document.documentElement;
    if (root.classList.contains('stale')) return;
    root.classList.add('stale');
    const at = (document.querySelector('#stamp time')?.textContent.match(/\d\d:\d\d/)?.[0] || '') + '\u00a0UTC';
    const mark = '<svg class="icon" aria-hidden="true"><use href="#i-stale"/></svg>';
    const pulse = $('pulse');
    pulse.className = 'off';
    pulse.replaceChildren(fragment(mark), me.dataset.stale);
    const [p, b, span] = ['p', 'b', 'span'].map(x => document.createElement(x));
    p.className = 'notice';
    b.textContent = me.dataset.lost.replace('{at}', at);
    span.append(b, ' ' + me.dataset.lost2);
    p.append(fragment(mark), span);
    $('notice').replaceChildren(p);
    for (const x of all('[data-past]')) x.textContent = x.dataset.past.replace('{at}', at);
    favicon.href = me.dataset.icon;
  }

  function connect() {
    clearTimeout(again);
    if (stream || document.hidden || !me.dataset.events) return;
    const s = stream = new EventSource(me.dataset.events);
    const on = (name, f) => s.addEventListener(name, e => {
      heard = Date.now();
      // A stream that goes on has only changes. A new one begins with everything.
      if (silent) { silent = false; close(); connect(); return; }
      f(JSON.parse(e.data));
    });
    on('hello', () => {});
    on('part', replace);
    on('page', ({title, icon, class: c}) => {
      document.title = title;
      favicon.href = icon;
      document.documentElement.className = c;
    });
    on('at', ({html}) => { $('stamp').replaceChildren(fragment(html)); });
    on('say', say);
    on('bye', ({again_ms}) => { close(); lost(); again = setTimeout(connect, again_ms); });
    // The server refuses a stream for good if it has too many viewers.
    s.onerror = () => {
      if (s.readyState === EventSource.CLOSED) { close(); again = setTimeout(connect, 30000); }
    };
  }

  function close() { stream?.close(); stream = undefined; }

  if (me.dataset.events) {
    heard = Date.now();
    connect();
    setInterval(() => { if (!document.hidden && Date.now() - heard > silence) { silent = true; lost(); } }, 1000);
    // A hidden tab holds no connection: browsers allow six for each origin.
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) { close(); clearTimeout(again); } else { heard = Date.now(); connect(); }
    });
    window.addEventListener('pagehide', close);
    window.addEventListener('pageshow', connect);
  }

  // Keys.
  let stored;
  try { stored = localStorage; } catch { stored = {}; } // blocked
  const box = $('keys');
  if (box) {
    box.checked = stored.sligoKeys !== 'off';
    box.addEventListener('change', () => { stored.sligoKeys = box.checked ? 'on' : 'off'; });
  }
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || stored.sligoKeys === 'off') return;
    if (e.target.closest?.('input,textarea,select,[contenteditable]')) {
      if (e.key === 'Escape') e.target.blur();
      return;
    }
    if (e.key === 'j' || e.key === 'k') {
      const links = all('.tile h3 a').filter(a => a.offsetParent);
      const i = links.findIndex(a => a.closest('.tile').contains(document.activeElement));
      const to = i < 0 ? (e.key === 'j' ? 0 : links.length - 1) : i + (e.key === 'j' ? 1 : -1);
      links[to]?.focus();
      return;
    }
    const target = all('[data-key]').find(x => x.dataset.key === e.key);
    if (!target) return;
    e.preventDefault();
    if (target.matches('input')) target.focus(); else target.click();
  });
})();
