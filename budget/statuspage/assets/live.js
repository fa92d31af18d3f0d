// Live updates and keys of the status page. Everything else works without it.
'use strict';
(() => {
  const doc = document, me = doc.currentScript, root = doc.documentElement, $ = id => doc.getElementById(id);
  const all = (selector, root = doc) => [...root.querySelectorAll(selector)], favicon = doc.querySelector('link[rel=icon]');
  const policy = window.trustedTypes ? trustedTypes.createPolicy('sligo', {createHTML: s => s}) : {createHTML: s => s};
  // silence is the time after which the figures are not live.
  const silence = 45000;
  let stream, heard, again;

  // fragment parses HTML that the server has rendered and escaped.
  function fragment(html) {
    const t = doc.createElement('template');
    t.innerHTML = policy.createHTML(html);
    return t.content;
  }

  // replace swaps the element with the same ID, and keeps the focus and open
  // details.
  function replace(fresh) {
    const old = $(fresh.id);
    if (!old || fresh.isEqualNode(old)) return;
    const open = all('details', old).map(d => d.open);
    all('details', fresh).forEach((d, i) => { d.open = open[i]; });
    const focusable = 'a[href],summary,[tabindex]';
    const at = [old, ...all(focusable, old)].indexOf(doc.activeElement);
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
    const from = tile.parentElement, focus = tile.contains(doc.activeElement) && doc.activeElement;
    if (from !== group || tile.nextElementSibling !== (next || null)) {
      group.insertBefore(tile, next || null);
      if (focus) focus.focus({preventScroll: true});
    }
    for (const g of [from, group]) g.hidden = !g.querySelector('.tile');
  }

  function say({text, alert}) { $(alert ? 'alert' : 'say').textContent = text; }

  // lost shows that the figures are old. Words and shapes of the states stay.
  function lost() {
    // A stream that goes on has only changes. A new one begins with everything.
    if (stream?.begun) stream.gap = true;
    if (root.classList.contains('stale')) return;
    root.classList.add('stale');
    const at = ($('stamp').textContent.match(/\d\d:\d\d/)?.[0] || '') + '\u00a0UTC';
    const mark = '<svg class="icon" aria-hidden="true"><use href="#i-stale"/></svg>';
    const pulse = $('pulse');
    pulse.className = 'off';
    pulse.replaceChildren(fragment(mark), me.dataset.stale);
    const [p, b, span] = ['p', 'b', 'span'].map(x => doc.createElement(x));
    p.className = 'notice';
    b.textContent = me.dataset.lost.replace('{at}', at);
    span.append(b, ' ' + me.dataset.lost2);
    p.append(fragment(mark), span);
    $('notice').replaceChildren(p);
    for (const x of all('[data-past]')) x.textContent = x.dataset.past.replace('{at}', at);
    favicon.href = me.dataset.icon;
  }

  // look shows a silence that is too long.
  function look() { if (!doc.hidden && Date.now() - heard > silence) lost(); }

  // later calls a function after a time, unless another comes first.
  function later(f, ms) { clearTimeout(again); again = setTimeout(f, ms); }

  function connect() {
    clearTimeout(again);
    if (stream || doc.hidden) return;
    const s = stream = new EventSource(me.dataset.events);
    const on = (name, f) => s.addEventListener(name, e => {
      heard = Date.now();
      if (s.gap) { close(); connect(); return; }
      s.begun = s.open = true;
      f(JSON.parse(e.data));
    });
    on('hello', () => {});
    on('part', ({html}) => replace(fragment(html).firstElementChild));
    on('page', ({title, icon, class: c}) => {
      doc.title = title;
      favicon.href = icon;
      root.className = c;
    });
    on('at', ({html}) => { $('stamp').replaceChildren(fragment(html)); });
    on('say', say);
    on('bye', ({again_ms}) => { close(); lost(); later(connect, again_ms); });
    s.onerror = () => {
      // A stream that breaks may come back at once. One that cannot begin is lost.
      if (!s.open) lost();
      s.open = false;
      if (s.readyState === EventSource.CLOSED) refused();
    };
  }

  function close() { stream?.close(); stream = undefined; }

  // refused gets the figures without a stream, for which the server has no room.
  // The server says when to come again.
  async function refused() {
    close();
    lost();
    const answer = await fetch(me.dataset.events, {method: 'HEAD'}).catch(() => {});
    later(async () => {
      const page = await fetch(location.href).catch(() => {});
      if (page?.ok && !stream) show(fragment(await page.text()));
      connect();
    }, 1000 * (+answer?.headers.get('Retry-After') || 30));
  }

  // show shows the parts of a page that is as old as its time.
  function show(page) {
    all('header [id],main [id]', page).forEach(replace);
    doc.title = page.querySelector('title').textContent;
    root.classList.remove('stale');
    lost();
  }

  if (me.dataset.events) {
    heard = Date.now();
    connect();
    setInterval(look, 1000);
    // A hidden tab holds no connection: browsers allow six for each origin.
    doc.addEventListener('visibilitychange', () => {
      if (doc.hidden) { close(); clearTimeout(again); } else { look(); connect(); }
    });
    window.addEventListener('pagehide', close);
    window.addEventListener('pageshow', e => { if (e.persisted) { look(); connect(); } });
  }

  // Keys.
  let stored;
  try { stored = localStorage; } catch { stored = {}; } // blocked
  const box = $('keys');
  if (box) {
    box.checked = stored.sligoKeys !== 'off';
    box.addEventListener('change', () => { stored.sligoKeys = box.checked ? 'on' : 'off'; });
  }
  doc.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || stored.sligoKeys === 'off') return;
    if (e.target.closest?.('input,textarea,select,[contenteditable]')) {
      if (e.key === 'Escape') e.target.blur();
      return;
    }
    if (e.key === 'j' || e.key === 'k') {
      const links = all('.tile h3 a').filter(a => a.offsetParent);
      const i = links.findIndex(a => a.closest('.tile').contains(doc.activeElement));
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
