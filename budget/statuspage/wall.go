package statuspage

import (
	"html/template"
	"time"
)

// wall shows the objectives on a screen that people see from afar: those that
// are not healthy, and the others as squares.
type wall struct {
	Heading   template.HTML
	Past      string // for the script, as in the verdict
	Title     string // of the tiles
	Tiles     []wallTile
	More      template.HTML   // how many do not fit, empty if all do
	Soon      []template.HTML // events that are open or begin soon
	SoonTitle string
	Fine      string
	Squares   []square
	Home      link
}

// wallTile is a tile with the one thing to do next.
type wallTile struct {
	tile
	Next   string
	Detail template.HTML
	Note   template.HTML
}

// square is a healthy objective.
type square struct {
	Href       string
	Name, Note template.HTML
}

const (
	// maxWallTiles is the number of tiles that can be read on a wall.
	maxWallTiles = 6
	// maxSquares is the number of squares in two rows. If there are more healthy
	// objectives, the last square says how many.
	maxSquares = 10
	// soon is how far a wall announces planned events, and maxSoon how many.
	soon    = 24 * time.Hour
	maxSoon = 3
)

func (v *view) wall() wall {
	verdict := v.verdict()
	w := wall{
		Heading: verdict.Heading, Past: verdict.Past, Title: v.l.text("attention"), SoonTitle: v.l.text("events"),
		Home: link{Href: v.at.to(""), Text: v.l.text("all_objectives")},
	}
	hidden := 0
	for _, s := range v.standings {
		switch {
		case s.look == lookHealthy && len(w.Squares) < maxSquares:
			w.Squares = append(w.Squares, square{Href: v.at.objective(s), Name: v.name(s), Note: v.l.html("left_short", "left", v.left(s))})
		case s.look == lookHealthy:
		case len(w.Tiles) < maxWallTiles:
			w.Tiles = append(w.Tiles, v.wallTile(s))
		default:
			hidden++
		}
	}
	if hidden > 0 {
		w.More = v.l.html("wall_more", "n", hidden)
	}
	w.Soon = v.plannedTexts(v.ledger(), soon, v.standings)
	if more := len(w.Soon) - maxSoon; more > 0 {
		w.Soon = append(w.Soon[:maxSoon], v.l.html("wall_more", "n", more))
	}
	healthy := v.count(lookHealthy)
	if healthy > maxSquares {
		w.Squares[maxSquares-1] = square{Href: v.at.to(""), Name: v.l.html("wall_more", "n", healthy-maxSquares+1)}
	}
	w.Fine = v.l.text("wall_healthy", "n", healthy)
	return w
}

func (v *view) wallTile(s standing) wallTile {
	t := wallTile{tile: v.tile(s)}
	if s.HasData() {
		t.Left = v.l.html("left_strong", "left", v.left(s))
	}
	releases := v.l.html("wall_releases_" + releaseClass(s.Decision.Release))
	switch end, ends := s.ExhaustedAt(v.At); {
	case !s.HasData():
		t.Next, t.Detail = v.l.text("wall_nothing"), releases
		if !v.Since.IsZero() {
			t.Note = v.l.html("since", "t", v.l.when(v.Since, v.At))
		}
		return t
	case s.look == lookFrozen && !s.OpensAt.IsZero():
		t.Next, t.Detail = v.l.text("wall_stopped"), v.l.html("wall_opens", "t", v.l.when(s.OpensAt, v.At))
	case s.look == lookFrozen:
		t.Next = v.l.text("wall_stopped")
	case ends && end.After(v.At):
		t.Next = v.l.text("wall_spent", "d", v.l.span(end.Sub(v.At)))
		t.Detail = v.l.when(end, v.At) + ", " + releases
	case s.look == lookEarly:
		t.Next, t.Detail = v.state(s).Word, v.known(s)
	default:
		t.Next, t.Detail = v.l.text("wall_reviewed"), v.outlook(s)
	}
	t.Note = v.wallNote(s)
	return t
}

// wallNote has the burn rates.
func (v *view) wallNote(s standing) template.HTML {
	var note template.HTML
	for _, length := range tileSpans {
		b := s.burnOf(length)
		if b.rate == nil {
			continue
		}
		if note != "" {
			note += ", "
		}
		note += escaped(v.l.span(length) + nb + v.l.rate(b.rate, s.factors(length)...))
	}
	if note == "" {
		return ""
	}
	return v.l.html("wall_burn", "rates", note)
}
