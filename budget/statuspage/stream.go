package statuspage

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// The stream is made of server-sent events:
//
//	hello   the beginning: the version of the protocol and the process
//	part    an element to replace, with its ID and its HTML
//	page    title, icon and class of the page
//	say     a change of state, in words
//	at      the time of the figures
//	bye     the end, with the time after which to come again
//	: beat  a comment while nothing changes

const (
	// beat is the time between signs of life.
	beat = 15 * time.Second
	// writeTimeout bounds each write, so that a viewer who does not read ends.
	// Without it, the server's WriteTimeout would end every stream.
	writeTimeout = 10 * time.Second
	// again is the time after which a viewer comes again after the end.
	again = "3000"
	// refused is the time in seconds after which a viewer without a place asks
	// again.
	refused = "30"
	tooMany = "too many viewers"
)

// serveEvents answers a request for the stream of a page.
func (p *Page) serveEvents(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s := p.subject(q.Get("page"), r)
	s.chosen = q.Get("chosen") != ""
	v := p.view(s)
	v.board, v.age, v.live = p.cache.board(r.Context())
	if v.isEmpty() {
		refuse(w, retry, "no figures yet")
		return
	}
	if _, ok := v.scene(s, selection{by: s.by}, ""); !ok {
		http.Error(w, "no such page", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	if r.Method == http.MethodHead {
		if !p.hub.hasRoom() {
			refuse(w, refused, tooMany)
		}
		return
	}
	c, wake := p.hub.join(s)
	if c == nil {
		refuse(w, refused, tooMany)
		return
	}
	defer p.hub.leave(c, wake)
	p.stream(&viewer{w: w, control: http.NewResponseController(w)}, c, wake, r)
}

// refuse answers that there is no stream now, and when to ask again.
func refuse(w http.ResponseWriter, after, why string) {
	w.Header().Set("Retry-After", after)
	http.Error(w, why, http.StatusServiceUnavailable)
}

// viewer writes a stream.
type viewer struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// send writes text within the time for a write.
func (v *viewer) send(text string) error {
	if err := v.control.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := io.WriteString(v.w, text); err != nil {
		return err
	}
	return v.control.Flush()
}

// bye ends a stream.
func (v *viewer) bye() { _ = v.send("event: bye\ndata: {\"again_ms\":" + again + "}\n\n") }

// stream writes to a viewer until one of both ends it.
func (p *Page) stream(v *viewer, c *channel, wake chan struct{}, r *http.Request) {
	seen := p.hub.seen(c, r.Header.Get("Last-Event-ID"))
	first := "retry: 5000\n" + event("hello", p.hub.version(seen), map[string]any{"v": 1, "boot": p.hub.boot, "at": time.Now().UTC()})
	if frames, seq := c.since(seen); seq > seen {
		first += frames + c.time() + "id: " + p.hub.version(seq) + "\n\n"
		seen = seq
	}
	if v.send(first) != nil {
		return
	}
	beats := time.NewTicker(beat)
	defer beats.Stop()
	shutdown := p.endings.of(r)
	for {
		text := ""
		select {
		case <-wake:
			frames, seq := c.since(seen)
			if seq == seen {
				continue
			}
			text, seen = frames+c.time()+"id: "+p.hub.version(seq)+"\n\n", seq
		case <-beats.C:
			text = ": beat\n\n" + c.time()
		case <-p.hub.ctx.Done():
			v.bye()
			return
		case <-shutdown:
			v.bye()
			return
		case <-r.Context().Done():
			return
		}
		if v.send(text) != nil {
			return
		}
	}
}

// event returns an event of the stream.
func event(name, id string, data any) string {
	var b strings.Builder
	b.WriteString("event: " + name + "\n")
	if id != "" {
		b.WriteString("id: " + id + "\n")
	}
	b.WriteString("data: ")
	encoder := json.NewEncoder(&b) // writes one line with its end
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(data) // strings and numbers only
	b.WriteString("\n")
	return b.String()
}

// update renders a channel, and reports whether it has changed. The number of
// the change is next.
func (p *Page) update(c *channel, b *board, age time.Duration, live bool, next uint64) bool {
	v := p.view(c.subject)
	v.board, v.age, v.live = b, age, live
	s, ok := v.scene(c.subject, selection{by: c.subject.by}, "")
	if !ok {
		return false
	}
	parts, err := s.render()
	if err != nil {
		p.options.Logger.Error("Status page: cannot render", "page", s.name, "error", err.Error())
		return false
	}
	order := []string{"page"}
	frames := map[string]liveFrame{
		"page": {text: event("page", "", map[string]string{"title": s.Title, "icon": s.Icon, "class": s.Class})},
	}
	for _, part := range parts {
		key := "part " + part.ID
		order = append(order, key)
		frames[key] = liveFrame{text: event("part", "", part)}
	}
	for id, text := range v.changes(c) {
		key := "say " + id
		order = append(order, key)
		frames[key] = liveFrame{text: text, news: true}
	}
	return c.replace(frames, order, event("at", "", map[string]string{"html": string(s.Stamp)}), next)
}

// changes returns the announcements of the objectives whose state has changed
// since the last rendering.
func (v *view) changes(c *channel) map[string]string {
	says, states := map[string]string{}, map[string]string{}
	for _, s := range v.standings {
		states[s.id] = s.State
		if before, ok := c.states[s.id]; ok && before != s.State {
			says[s.id] = event("say", "", map[string]any{"text": v.announcement(s), "alert": s.look == lookFrozen, "at": v.At.UTC()})
		}
	}
	c.states = states
	return says
}

// announcement returns a state in words for a screen reader.
func (v *view) announcement(s standing) string {
	if s.left == nil {
		return v.l.text("say_nodata", "name", clean(s.id), "state", v.state(s).Word)
	}
	return v.l.text("say", "name", clean(s.id), "state", v.state(s).Word, "left", v.left(s))
}
